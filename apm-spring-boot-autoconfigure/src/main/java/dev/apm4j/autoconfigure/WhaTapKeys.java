package dev.apm4j.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import static dev.apm4j.autoconfigure.WhaTapConversions.EXTENSIONS;
import static dev.apm4j.autoconfigure.WhaTapConversions.FLAG;
import static dev.apm4j.autoconfigure.WhaTapConversions.HEADER;
import static dev.apm4j.autoconfigure.WhaTapConversions.HOST;
import static dev.apm4j.autoconfigure.WhaTapConversions.ID;
import static dev.apm4j.autoconfigure.WhaTapConversions.LOST_TIME;
import static dev.apm4j.autoconfigure.WhaTapConversions.NAME;
import static dev.apm4j.autoconfigure.WhaTapConversions.PATHS;
import static dev.apm4j.autoconfigure.WhaTapConversions.PER_SECOND;
import static dev.apm4j.autoconfigure.WhaTapConversions.PORT;
import static dev.apm4j.autoconfigure.WhaTapConversions.PREFIXES;
import static dev.apm4j.autoconfigure.WhaTapConversions.PROJECT;
import static dev.apm4j.autoconfigure.WhaTapKey.mapped;

/**
 * All keys of {@code whatap.conf} that WhaTap's agents for Java and Python and the local
 * agent are documented or seen to read, and what becomes of each.
 */
final class WhaTapKeys {

	/** Where what the keys on ignored URLs say comes together. */
	static final String IGNORE_PATHS = "apm.web.ignore-paths";

	static final String PROJECT_CODE = "apm.whatap.project-code";

	static final String BIND_VALUES = "apm.jdbc.bind-values";

	static final String MAX_PER_THREE_SECONDS = "apm.sampling.max-per-three-seconds";

	/** Without it the key of the number beside it has no effect. */
	static final String SAMPLING_SWITCH = "trace_sampling_enabled";

	static final String SAMPLING_NUMBER = "trace_sampling_tps";

	/** The number that is in force if the switch is on and there is none beside it. */
	static final String DEFAULT_SAMPLING_NUMBER = "10000";

	private static final List<WhaTapKey> TABLE = Stream.of(mappedKeys(), agentKeys(), unsupportedKeys())
		.flatMap(List::stream)
		.toList();

	private WhaTapKeys() {
	}

	/** All keys, in the order in which a reader looks for them. */
	static List<WhaTapKey> all() {
		return TABLE;
	}

	static @Nullable WhaTapKey find(String name) {
		for (WhaTapKey key : TABLE) {
			if (key.matches(name)) {
				return key;
			}
		}
		return null;
	}

	private static List<WhaTapKey> mappedKeys() {
		return List.of(
				mapped("license", PROJECT_CODE, PROJECT).atOnce()
					.remark("the number of the project that is in it; the licence itself is not kept"),
				mapped("app_name", "apm.service-name", NAME), mapped("net_udp_host", "apm.whatap.host", HOST).atOnce(),
				mapped("net_udp_port", "apm.whatap.port", PORT).atOnce(),
				mapped("OID", "apm.whatap.oid", ID).atOnce().remark("the local agent writes it after its start"),
				mapped("OKIND", "apm.whatap.okind", ID).atOnce(),
				mapped("enabled", "apm.whatap.enabled", FLAG).remark("the backend, not the other backends"),
				mapped("transaction_enabled", "apm.whatap.enabled", FLAG),
				mapped("counter_enabled", "apm.whatap.counters.enabled", FLAG),
				mapped("active_stack_enabled", "apm.whatap.control.enabled", FLAG),
				mapped("trace_active_transaction_lost_time", "apm.whatap.lost-time", LOST_TIME).atOnce(),
				mapped("mtrace_enabled", "apm.whatap.mtrace.enabled", FLAG).atOnce(),
				mapped("mtrace_caller_key", "apm.whatap.mtrace.caller-header", HEADER),
				mapped("mtrace_poid_key", "apm.whatap.mtrace.poid-header", HEADER),
				mapped("mtrace_spec_key1", "apm.whatap.mtrace.spec1-header", HEADER),
				mapped("mtrace_spec_key", "apm.whatap.mtrace.spec-header", HEADER),
				mapped("mtrace_info_key", "apm.whatap.mtrace.info-header", HEADER),
				mapped("trace_ignore_url_set", IGNORE_PATHS, PATHS).atOnce(),
				mapped("trace_ignore_url_prefix", IGNORE_PATHS, PREFIXES).atOnce(),
				mapped("web_static_content_extensions", "apm.web.ignore-extensions", EXTENSIONS)
					.remark("beside those that are ignored anyway"),
				mapped("profile_http_parameter_enabled", "apm.web.query", FLAG)
					.remark("the query's, secret-looking ones masked"),
				mapped("trace_useragent_enabled", "apm.web.user-agent", FLAG),
				mapped("trace_user_using_ip", "apm.web.client-address", FLAG),
				mapped("profile_sql_param_enabled", BIND_VALUES, FLAG).atOnce(),
				mapped(SAMPLING_SWITCH, MAX_PER_THREE_SECONDS, WhaTapKey.Conversion.NONE).atOnce()
					.remark("together with " + SAMPLING_NUMBER),
				mapped(SAMPLING_NUMBER, MAX_PER_THREE_SECONDS, PER_SECOND).atOnce()
					.remark("three times as many in three seconds"),
				mapped("trace_logging_enabled", "apm.whatap.logs.enabled", FLAG));
	}

	private static List<WhaTapKey> agentKeys() {
		return Stream
			.of(agent("the way to the server", "whatap.server.host", "whatap.server.port", "tcp_*", "net_send_*",
					"encrypt_level", "cypher_level"),
					agent("the object's name", "app_process_name", "object_name", "auto_oname_*", "okind*", "onode*"),
					agent("which steps are kept", "profile_basetime", "profile_step_*"),
					agent("statistics", "stat_enabled", "stat_mtrace_enabled", "apdex_time", "tx_max_count"),
					agent("names of transactions and calls", "trace_normalize_*", "trace_auto_normalize_enabled",
							"trace_httpc_normalize_*", "trace_sql_normalize_enabled"),
					agent("methods that are left out", "ignore_http_method"),
					agent("what counts as an error", "biz_exceptions*", "ignore_exception*", "status_ignore*",
							"transaction_status_error_enable", "httpc_status_*", "profile_error_*"),
					agent("how much of a stack is shown; 50 frames are sent", "trace_error_callstack_depth",
							"trace_active_callstack_depth"),
					agent("how running transactions are shown", "active_stack_second", "trace_active_transaction_*"),
					agent("what is kept of what was sent", "profile_http_parameter_url_prefix",
							"profile_http_header_ignore_keys", "trace_referer_enabled", "paramkey*"),
					agent("users", "trace_user_enabled", "realtime_user_*"),
					agent("transactions without a host", "trace_cli_enabled"),
					agent("files with logs", "logsink*", "log_keep_days", "log_rotation_enabled"),
					agent("where it listens for batches", "net_udp_listen_*"))
			.flatMap((keys) -> keys)
			.toList();
	}

	private static List<WhaTapKey> unsupportedKeys() {
		return Stream
			.of(unsupported("reporting is stopped at `/actuator/apm`, or by `apm.enabled`", "shutdown"),
					unsupported("`apm.export.queue-size`", "max_send_queue_size"),
					unsupported("only UDP", "unix_socket*"),
					unsupported("the file is looked at every second", "init_load_interval"),
					unsupported("a route is the name; another one is set by the application, see Tracing",
							"trace_transaction_name_*", "trace_tx_name_with_method_enabled", "hook_tx_name_*",
							"profile_http_host_enabled", "query_string_*", "trace_service_port_enabled"),
					unsupported("headers are not recorded", "profile_http_header_*"),
					unsupported("exceptions are recorded wherever they end a span", "trace_exception_handler_*",
							"trace_sql_exception_enabled", "profile_exception_stack", "profile_concern_error_enabled",
							"log_unhandled_exception"),
					unsupported("every call and every statement is a step", "profile_httpc_resource_enabled",
							"profile_position_*", "profile_connection_open_enabled", "profile_dbc_close",
							"profile_sql_resource_enabled", "profile_update_count", "profile_method_*"),
					unsupported("connections are counted by their pool", "trace_dbc_leak_*", "custom_pool_classes",
							"ds_update_interval"),
					unsupported("all pools that Spring Boot knows are reported", "dbcp_pool_enabled",
							"tomcat_pool_enabled", "hikari_pool_enabled"),
					unsupported("`@MethodProfiling`, `@EntryPoint` and `@BatchProfiling`, see Annotations", "hook_*",
							"service_name_mode", "trace_auto_transaction_*", "standalone_*"),
					unsupported("the context goes on by itself, see Jobs", "async_*"),
					unsupported("every sampled trace is one over several servers", "mtrace_rate",
							"mtrace_alltx_enabled", "mtrace_auto_enabled", "mtrace_basetime", "mtrace_send_url_length"),
					unsupported("given up by its makers", "mtrace_callee_key"),
					unsupported("`w3c` in `apm.propagation`", "mtrace_traceparent_key"),
					unsupported("`apm.export.enabled`", "trace_send_enabled"),
					unsupported("users are told by their address", "trace_user_cookie_limit",
							"trace_http_client_ip_header_key", "user_header_ticket"),
					unsupported("nothing is rejected here", "throttle_*"),
					unsupported("no bytecode is changed", "weaving*", "plugin*"),
					unsupported("`apm.whatap.counters.*`", "counter_thread_enabled", "open_file_descriptor_*", "go.*"),
					unsupported("`trace_logging_enabled`; a line has its transaction's id", "trace_loguru_enabled",
							"trace_logging_mtid_enabled"),
					unsupported("alerts are set in the console", "watchlog_*", "heap_*", "cpu_*", "disk_event_*",
							"dbc_dup_event_*", "exception_event_*", "httpc_event_*", "recursive_*", "reject_event_*",
							"detect_deadlock_enabled"),
					unsupported("the batch agent's own", "split_trace_enabled", "trace_step_max_count",
							"trace_httpc_limit", "trace_sql_limit", "active_stack_*"),
					unsupported("calls of language models are calls like any other", "llm_*"))
			.flatMap((keys) -> keys)
			.toList();
	}

	private static Stream<WhaTapKey> agent(String remark, String... names) {
		return Stream.of(names).map((name) -> WhaTapKey.agent(name, remark));
	}

	private static Stream<WhaTapKey> unsupported(String remark, String... names) {
		return Stream.of(names).map((name) -> WhaTapKey.unsupported(name, remark));
	}

}
