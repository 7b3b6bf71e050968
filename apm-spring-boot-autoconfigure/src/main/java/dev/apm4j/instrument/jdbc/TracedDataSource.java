package dev.apm4j.instrument.jdbc;

import org.springframework.aop.RawTargetAccess;
import org.springframework.core.InfrastructureProxy;

/**
 * What every proxy of a data source implements. Spring takes such a proxy and what is
 * behind it for the same when it looks for the connection of a transaction. Public
 * because proxies belong to the package of what they stand for.
 */
public interface TracedDataSource extends InfrastructureProxy, RawTargetAccess {

	// Declared here again, as Spring would else return the proxy in place of its target.
	@Override
	Object getWrappedObject();

}
