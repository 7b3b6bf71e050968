package dev.apm4j.benchmarks;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.MappingMatch;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * A request and its response that cost next to nothing, and a chain that does what Spring
 * MVC does for tracing: it tells the route.
 */
@State(Scope.Thread)
public class ServletExchange {

	private static final String ROUTE = "/orders/{id}";

	private final Request request = new Request();

	private final Response response = new Response();

	private final FilterChain chain = (request, response) -> {
		request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, ROUTE);
		// The name that Brave's servlet filter looks for.
		request.setAttribute("http.route", ROUTE);
		ServerHttpObservationFilter.findObservationContext((HttpServletRequest) request)
			.ifPresent((context) -> context.setPathPattern(ROUTE));
	};

	void handle() throws IOException, ServletException {
		this.request.attributes.clear();
		this.chain.doFilter(this.request, this.response);
	}

	void handle(Filter filter) throws IOException, ServletException {
		this.request.attributes.clear();
		filter.doFilter(this.request, this.response, this.chain);
	}

	private static <T> T unsupported(Class<T> type) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				throw new UnsupportedOperationException(method.toString());
			}));
	}

	private static final class Request extends HttpServletRequestWrapper {

		private final Map<String, Object> attributes = new HashMap<>();

		private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

		private final StringBuffer url = new StringBuffer("http://shop/orders/17");

		Request() {
			super(unsupported(HttpServletRequest.class));
			this.headers.put("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
			this.headers.put("user-agent", "benchmark/1.0");
			this.headers.put("host", "shop");
			this.headers.put("accept", "application/json");
		}

		@Override
		public @Nullable Object getAttribute(String name) {
			return this.attributes.get(name);
		}

		@Override
		public void setAttribute(String name, Object value) {
			this.attributes.put(name, value);
		}

		@Override
		public void removeAttribute(String name) {
			this.attributes.remove(name);
		}

		@Override
		public @Nullable String getHeader(String name) {
			return this.headers.get(name);
		}

		@Override
		public Enumeration<String> getHeaders(String name) {
			String value = this.headers.get(name);
			return (value != null) ? Collections.enumeration(Collections.singletonList(value))
					: Collections.emptyEnumeration();
		}

		@Override
		public String getMethod() {
			return "GET";
		}

		@Override
		public String getScheme() {
			return "http";
		}

		@Override
		public String getRequestURI() {
			return "/orders/17";
		}

		@Override
		public StringBuffer getRequestURL() {
			return this.url;
		}

		@Override
		public HttpServletMapping getHttpServletMapping() {
			return DispatcherServletMapping.INSTANCE;
		}

		@Override
		public String getContextPath() {
			return "";
		}

		@Override
		public @Nullable String getQueryString() {
			return null;
		}

		@Override
		public String getRemoteAddr() {
			return "127.0.0.1";
		}

		@Override
		public int getRemotePort() {
			return 40_000;
		}

		@Override
		public DispatcherType getDispatcherType() {
			return DispatcherType.REQUEST;
		}

		@Override
		public boolean isAsyncStarted() {
			return false;
		}

	}

	/** The mapping of Spring's dispatcher servlet to "/". */
	private enum DispatcherServletMapping implements HttpServletMapping {

		INSTANCE;

		@Override
		public String getMatchValue() {
			return "";
		}

		@Override
		public String getPattern() {
			return "/";
		}

		@Override
		public String getServletName() {
			return "dispatcherServlet";
		}

		@Override
		public MappingMatch getMappingMatch() {
			return MappingMatch.DEFAULT;
		}

	}

	private static final class Response extends HttpServletResponseWrapper {

		Response() {
			super(unsupported(HttpServletResponse.class));
		}

		@Override
		public int getStatus() {
			return HttpServletResponse.SC_OK;
		}

		@Override
		public boolean isCommitted() {
			return true;
		}

	}

}
