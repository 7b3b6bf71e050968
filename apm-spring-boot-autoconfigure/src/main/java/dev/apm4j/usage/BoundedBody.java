package dev.apm4j.usage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

import org.jspecify.annotations.Nullable;

/**
 * Collects the body of an answer, and fails when there is more of it than a collector
 * ever says: the JDK's collects whatever it is sent.
 */
final class BoundedBody implements BodySubscriber<byte[]> {

	private final int maxBytes;

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	private final CompletableFuture<byte[]> body = new CompletableFuture<>();

	private @Nullable Subscription subscription;

	BoundedBody(int maxBytes) {
		this.maxBytes = maxBytes;
	}

	@Override
	public CompletionStage<byte[]> getBody() {
		return this.body;
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		this.subscription = subscription;
		subscription.request(Long.MAX_VALUE);
	}

	@Override
	public void onNext(List<ByteBuffer> items) {
		for (ByteBuffer item : items) {
			if (item.remaining() > this.maxBytes - this.bytes.size()) {
				Subscription subscription = this.subscription;
				if (subscription != null) {
					subscription.cancel();
				}
				this.body.completeExceptionally(new IOException("the answer is longer than " + this.maxBytes));
				return;
			}
			byte[] part = new byte[item.remaining()];
			item.get(part);
			this.bytes.writeBytes(part);
		}
	}

	@Override
	public void onError(Throwable throwable) {
		this.body.completeExceptionally(throwable);
	}

	@Override
	public void onComplete() {
		this.body.complete(this.bytes.toByteArray());
	}

}
