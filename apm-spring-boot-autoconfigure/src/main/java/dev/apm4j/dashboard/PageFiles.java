package dev.apm4j.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The files of the page, and the modules of Lit from its webjars, by class path. Only
 * paths of plain names with a known ending are looked up, so that nothing else of the
 * class path can be reached. Addresses carry no version, hence browsers ask again each
 * time and are told by the entity tag that they are up to date.
 */
final class PageFiles {

	static final String ROOT = "dev/apm4j/dashboard/";

	private static final String INDEX = "index.html";

	private static final String LIBRARY = "lib/";

	private static final Pattern PATH = Pattern
		.compile("(?:[A-Za-z0-9_-]+/){0,8}[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*\\.(html|css|js|svg)");

	private static final Pattern IMPORT_MAP = Pattern.compile("<script type=\"importmap\">(.*?)</script>",
			Pattern.DOTALL);

	private static final Map<String, String> TYPES = Map.of("html", "text/html;charset=UTF-8", "css",
			"text/css;charset=UTF-8", "js", "text/javascript;charset=UTF-8", "svg", "image/svg+xml");

	/** Webjars by the name that modules import. */
	private static final Map<String, String> PACKAGES = Map.of("lit", "lit", "lit-html", "lit-html", "lit-element",
			"lit-element", "@lit/reactive-element", "lit__reactive-element");

	private final ClassLoader classLoader;

	private final String root;

	/** Folder on the class path by package. */
	private final Map<String, String> libraries;

	private final ConcurrentMap<String, PageFile> loaded = new ConcurrentHashMap<>();

	PageFiles(ClassLoader classLoader, String root) {
		this.classLoader = classLoader;
		this.root = root;
		Map<String, String> found = new HashMap<>();
		PACKAGES.forEach((name, webjar) -> {
			String version = version(webjar);
			if (version != null) {
				found.put(name, "META-INF/resources/webjars/" + webjar + "/" + version + "/");
			}
		});
		this.libraries = Map.copyOf(found);
	}

	/**
	 * A file.
	 *
	 * @param content its bytes
	 * @param contentType its media type
	 * @param entityTag a hash of the content; weak, so that servers still compress it
	 */
	record PageFile(byte[] content, String contentType, String entityTag) {

		DashboardResponse response(List<String> ifNoneMatch) {
			boolean known = ifNoneMatch.stream()
				.flatMap((header) -> List.of(header.split(",")).stream())
				.map(String::strip)
				.anyMatch(
						(tag) -> tag.equals("*") || tag.equals(this.entityTag) || ("W/" + tag).equals(this.entityTag));
			DashboardResponse response = known ? DashboardResponse.empty(304).with("Cache-Control", "no-cache")
					: DashboardResponse.of(200, this.contentType, "no-cache", (out) -> out.write(this.content))
						.with("Content-Length", Integer.toString(this.content.length));
			return response.with("ETag", this.entityTag);
		}

	}

	private @Nullable String version(String webjar) {
		try (InputStream in = this.classLoader
			.getResourceAsStream("META-INF/maven/org.webjars.npm/" + webjar + "/pom.properties")) {
			if (in == null) {
				return null;
			}
			Properties properties = new Properties();
			properties.load(in);
			return properties.getProperty("version");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Finds a file.
	 * @param path the path, not decoded, without a leading slash; empty for the page
	 * itself
	 * @return the file, or {@code null} if there is none
	 */
	@Nullable PageFile find(String path) {
		String name = path.isEmpty() ? INDEX : path;
		PageFile known = this.loaded.get(name);
		if (known != null) {
			return known;
		}
		String location = location(name);
		byte[] content = (location != null) ? read(location) : null;
		if (content == null) {
			return null;
		}
		String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
		String hash = Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(content)).substring(0, 22);
		PageFile file = new PageFile(content, type, "W/\"" + hash + "\"");
		this.loaded.put(name, file);
		return file;
	}

	private @Nullable String location(String path) {
		if (!path.startsWith(LIBRARY)) {
			return PATH.matcher(path).matches() ? this.root + path : null;
		}
		String module = path.substring(LIBRARY.length());
		int end = module.indexOf('/', module.startsWith("@") ? module.indexOf('/') + 1 : 0);
		if (end < 0) {
			return null;
		}
		String folder = this.libraries.get(module.substring(0, end));
		String file = module.substring(end + 1);
		return (folder != null && file.endsWith(".js") && PATH.matcher(file).matches()) ? folder + file : null;
	}

	private byte @Nullable [] read(String location) {
		try (InputStream in = this.classLoader.getResourceAsStream(location)) {
			return (in != null) ? in.readAllBytes() : null;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The source expression that allows the page's inline import map, with a space in
	 * front.
	 * @return the expression for {@code script-src}, empty if there is no import map
	 */
	String importMapSource() {
		PageFile index = find("");
		if (index == null) {
			return "";
		}
		// One byte, one character: what is hashed are the bytes that the browser gets.
		Matcher matcher = IMPORT_MAP.matcher(new String(index.content(), StandardCharsets.ISO_8859_1));
		if (!matcher.find()) {
			return "";
		}
		byte[] script = matcher.group(1).getBytes(StandardCharsets.ISO_8859_1);
		return " 'sha256-" + Base64.getEncoder().encodeToString(sha256(script)) + "'";
	}

	private static byte[] sha256(byte[] bytes) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(bytes);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
