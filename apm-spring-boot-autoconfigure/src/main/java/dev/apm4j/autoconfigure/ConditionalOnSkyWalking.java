package dev.apm4j.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Conditional;

/**
 * Matches if the SkyWalking backend was chosen and can do its work: its dependency is
 * there, and SkyWalking's own agent isn't.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ConditionalOnBackend(BackendChoice.SKYWALKING)
@ConditionalOnClass(name = "dev.apm4j.skywalking.proto.SegmentObject")
@Conditional(SkyWalkingAgentAttached.Not.class)
@interface ConditionalOnSkyWalking {

}
