package dev.apm4j.instrument.servlet;

import java.io.IOException;

import jakarta.servlet.ServletException;
import org.apache.catalina.Context;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Tells the {@link TracingFilter} of the begin and end of a request in Tomcat, at the
 * times when a listener would hear of them: it is the last valve of the host, so that the
 * application's error pages are inside, and Tomcat's own report, which may change the
 * status of a response that was sent, is not.
 * <p>
 * With one listener of any kind, Tomcat copies its list of listeners and makes an event
 * for each request attribute that is set or removed, and Spring MVC sets some twenty:
 * more than a kilobyte a request, more than the span with all that belongs to it.
 */
public final class RequestEndValve extends ValveBase implements RequestEnd {

	/**
	 * Creates a valve that lets asynchronous requests pass.
	 */
	public RequestEndValve() {
		super(true);
	}

	/**
	 * Takes its place when an application starts: only then has the host all its valves.
	 * @param context the application
	 */
	public void installWith(Context context) {
		context.addLifecycleListener((event) -> {
			if (Lifecycle.BEFORE_START_EVENT.equals(event.getType()) && !isInstalled()) {
				context.getParent().getPipeline().addValve(this);
			}
		});
	}

	@Override
	public boolean isInstalled() {
		return getContainer() != null;
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		if (request.isAsync()) {
			// Goes on from an earlier dispatch, whose listener hears of the end.
			getNext().invoke(request, response);
			return;
		}
		TracingFilter.begins(request);
		try {
			getNext().invoke(request, response);
		}
		finally {
			if (!request.isAsync()) {
				TracingFilter.ends(request);
			}
		}
	}

}
