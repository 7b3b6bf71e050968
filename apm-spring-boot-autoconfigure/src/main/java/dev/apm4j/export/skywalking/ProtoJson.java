package dev.apm4j.export.skywalking;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

/**
 * Writes messages in the JSON form of protobuf: names in camel case, names of enums, 64
 * bit numbers as strings, no defaults. Enough for SkyWalking's messages, which have
 * neither bytes nor well-known types, and without the library for it, which brings Gson.
 *
 * @see <a href="https://protobuf.dev/programming-guides/json/">ProtoJSON format</a>
 */
final class ProtoJson {

	/** What is a map for the server and not for us, see {@code event.proto}. */
	private static final Set<String> MAPS = Set.of("skywalking.v3.Event.parameters");

	private final StringBuilder out = new StringBuilder(1024);

	private ProtoJson() {
	}

	static String object(Message message) {
		ProtoJson json = new ProtoJson();
		json.message(message);
		return json.out.toString();
	}

	static String array(Collection<String> objects) {
		return "[" + String.join(",", objects) + "]";
	}

	static String strings(Collection<String> texts) {
		ProtoJson json = new ProtoJson();
		json.out.append('[');
		for (Iterator<String> all = texts.iterator(); all.hasNext();) {
			json.string(all.next());
			json.out.append(all.hasNext() ? "," : "");
		}
		return json.out.append(']').toString();
	}

	private void message(Message message) {
		this.out.append('{');
		boolean first = true;
		for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
			if (!first) {
				this.out.append(',');
			}
			first = false;
			string(field.getKey().getJsonName());
			this.out.append(':');
			field(field.getKey(), field.getValue());
		}
		this.out.append('}');
	}

	private void field(FieldDescriptor field, Object value) {
		if (MAPS.contains(field.getFullName())) {
			entries(field, (List<?>) value);
		}
		else if (field.isRepeated()) {
			this.out.append('[');
			for (Iterator<?> values = ((List<?>) value).iterator(); values.hasNext();) {
				value(field, values.next());
				this.out.append(values.hasNext() ? "," : "");
			}
			this.out.append(']');
		}
		else {
			value(field, value);
		}
	}

	private void entries(FieldDescriptor field, List<?> entries) {
		FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
		FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
		this.out.append('{');
		for (Iterator<?> all = entries.iterator(); all.hasNext();) {
			Message entry = (Message) all.next();
			string(entry.getField(key).toString());
			this.out.append(':');
			value(value, entry.getField(value));
			this.out.append(all.hasNext() ? "," : "");
		}
		this.out.append('}');
	}

	private void value(FieldDescriptor field, Object value) {
		switch (field.getJavaType()) {
			case MESSAGE -> message((Message) value);
			case ENUM -> string(((EnumValueDescriptor) value).getName());
			case STRING, LONG -> string(value.toString());
			case INT, BOOLEAN -> this.out.append(value);
			case FLOAT, DOUBLE -> number(((Number) value).doubleValue());
			case BYTE_STRING -> throw new IllegalArgumentException(field.getFullName());
		}
	}

	private void number(double value) {
		if (Double.isFinite(value)) {
			this.out.append(value);
		}
		else {
			string(Double.toString(value));
		}
	}

	private void string(String text) {
		this.out.append('"');
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			switch (c) {
				case '"' -> this.out.append("\\\"");
				case '\\' -> this.out.append("\\\\");
				case '\n' -> this.out.append("\\n");
				case '\r' -> this.out.append("\\r");
				case '\t' -> this.out.append("\\t");
				default -> {
					if (c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029) {
						this.out.append(String.format("\\u%04x", (int) c));
					}
					else {
						this.out.append(c);
					}
				}
			}
		}
		this.out.append('"');
	}

}
