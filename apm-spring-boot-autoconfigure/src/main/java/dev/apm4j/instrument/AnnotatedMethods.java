package dev.apm4j.instrument;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.ClassFilter;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The methods that carry an annotation, themselves or by their class or interface.
 * <p>
 * A class is first searched for the annotation without any regard to overriding, which
 * costs little; only those that have it somewhere are looked at method by method. Says
 * once per class in the log what can't be advised.
 */
final class AnnotatedMethods extends StaticMethodMatcherPointcut implements ClassFilter {

	private static final Logger LOGGER = LoggerFactory.getLogger(AnnotatedMethods.class);

	private final Class<? extends Annotation> annotation;

	private final Set<Class<?>> reported = ConcurrentHashMap.newKeySet();

	AnnotatedMethods(Class<? extends Annotation> annotation) {
		this.annotation = annotation;
	}

	@Override
	public ClassFilter getClassFilter() {
		return this;
	}

	@Override
	public boolean matches(Class<?> type) {
		try {
			return isAdvisable(type);
		}
		catch (IllegalStateException | LinkageError ex) {
			// A class that refers to absent ones can't be searched, but may well run.
			return false;
		}
	}

	private boolean isAdvisable(Class<?> type) {
		List<String> unseen = new ArrayList<>();
		if (!search(ClassUtils.getUserClass(type), unseen)) {
			return false;
		}
		String obstacle = ProxyObstacles.find(type);
		if (obstacle != null) {
			report(type, obstacle);
			return false;
		}
		if (!unseen.isEmpty()) {
			report(type, "private and static methods are out of a proxy's reach: " + String.join(", ", unseen));
		}
		return true;
	}

	private void report(Class<?> type, String reason) {
		if (this.reported.add(type)) {
			LOGGER.warn("@{} in {} is without effect: {}", this.annotation.getSimpleName(),
					ClassUtils.getUserClass(type).getName(), reason);
		}
	}

	private boolean search(Class<?> type, List<String> unseen) {
		boolean found = false;
		for (Class<?> current = type; current != null && isUsers(current); current = current.getSuperclass()) {
			found |= searchDeclared(current, unseen);
		}
		for (Class<?> implemented : ClassUtils.getAllInterfacesForClassAsSet(type)) {
			found |= isUsers(implemented) && searchDeclared(implemented, unseen);
		}
		return found;
	}

	/** Spring's own classes, most of the beans, don't carry annotations of ours. */
	private static boolean isUsers(Class<?> type) {
		String name = type.getName();
		return !name.startsWith("java.") && !name.startsWith("org.springframework.");
	}

	private boolean searchDeclared(Class<?> type, List<String> unseen) {
		if (!AnnotationUtils.isCandidateClass(type, this.annotation)) {
			return false;
		}
		boolean found = isAnnotated(type);
		for (Method method : ReflectionUtils.getDeclaredMethods(type)) {
			if (isAnnotated(method)) {
				found = true;
				if (isOutOfReach(method)) {
					unseen.add(method.getName());
				}
			}
		}
		return found;
	}

	private boolean isAnnotated(AnnotatedElement element) {
		return element.getDeclaredAnnotations().length > 0
				&& MergedAnnotations.from(element, SearchStrategy.DIRECT).isPresent(this.annotation);
	}

	private static boolean isOutOfReach(Method method) {
		return Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers());
	}

	@Override
	public boolean matches(Method method, Class<?> targetClass) {
		return !isOutOfReach(method) && find(method, targetClass) != null;
	}

	/**
	 * How the annotation names a method.
	 * @param method the method
	 * @param targetClass the class of the object it is called on
	 * @return the description, or {@code null} if the annotation isn't there
	 */
	@Nullable TracedMethod find(Method method, Class<?> targetClass) {
		Method specific = AopUtils.getMostSpecificMethod(method, targetClass);
		MergedAnnotation<?> own = MergedAnnotations.from(specific, SearchStrategy.TYPE_HIERARCHY).get(this.annotation);
		if (own.isPresent()) {
			String name = own.getString(MergedAnnotation.VALUE);
			TracedMethod described = TracedMethod.of(specific, targetClass);
			return name.isBlank() ? described : described.withName(name);
		}
		if (!Modifier.isPublic(specific.getModifiers()) || isOfObject(specific)) {
			return null;
		}
		MergedAnnotation<?> ofClass = MergedAnnotations
			.from(ClassUtils.getUserClass(targetClass), SearchStrategy.TYPE_HIERARCHY)
			.get(this.annotation);
		if (!ofClass.isPresent()) {
			return null;
		}
		// One name for all methods of a class would make one of different things.
		String name = ofClass.getString(MergedAnnotation.VALUE);
		TracedMethod described = TracedMethod.of(specific, targetClass);
		return name.isBlank() ? described : described.withName(name + "." + specific.getName());
	}

	private static boolean isOfObject(Method method) {
		return ReflectionUtils.isObjectMethod(method) || method.getDeclaringClass() == Object.class;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof AnnotatedMethods that && that.annotation == this.annotation;
	}

	@Override
	public int hashCode() {
		return this.annotation.hashCode();
	}

	@Override
	public String toString() {
		return "AnnotatedMethods[@" + this.annotation.getSimpleName() + "]";
	}

}
