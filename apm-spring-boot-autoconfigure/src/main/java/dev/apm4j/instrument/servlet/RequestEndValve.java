package dev.apm4j.instrument.servlet;

import java.io.IOException;

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Tells the {@link TracingFilter} of the begin and end of a request in Tomcat, at the
 * times when a listener would hear of them. To be a valve of the engine, so that error
 * pages are inside.
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
