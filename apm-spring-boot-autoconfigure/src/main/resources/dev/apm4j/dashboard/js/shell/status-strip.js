import { LitElement, css, html, nothing } from 'lit';
import { bytes, compact, count, percent, time } from '../core/format.js';
import { base } from '../shared/styles.js';
import './backend-status.js';

/** One line on the agent itself: recording or not, what is sampled, how full the store is, what each backend lost. */
class StatusStrip extends LitElement {

	static properties = {
		status: { attribute: false },
	};

	static styles = [base, css`
		.strip {
			align-items: center;
			border-top: 1px solid var(--line);
			color: var(--muted);
			display: flex;
			flex-wrap: wrap;
			font-size: var(--text-s);
			font-variant-numeric: tabular-nums;
			gap: 0.1rem var(--gap-l);
			min-height: 1.75rem;
			padding: 0.15rem var(--gap-l);
		}

		.item {
			align-items: center;
			display: flex;
			gap: 0.4rem;
		}

		.item dd {
			color: var(--text);
		}

		.state dd {
			align-items: center;
			display: flex;
			font-weight: 600;
			gap: 0.4rem;
		}

		.dot {
			background: var(--ok);
			border-radius: 50%;
			height: 0.5rem;
			width: 0.5rem;
		}

		.paused .dot {
			background: var(--warn);
		}

		.paused dd {
			color: var(--warn);
		}

		.meter {
			display: block;
			height: 0.4rem;
			width: 3.5rem;
		}

		.meter .track {
			fill: var(--line);
		}

		.meter .fill {
			fill: var(--accent);
		}

		dl,
		.backends {
			display: contents;
		}

		.trouble {
			-webkit-box-orient: vertical;
			-webkit-line-clamp: 3;
			background: var(--error-soft);
			border-top: 1px solid var(--line);
			color: var(--error);
			display: -webkit-box;
			font-size: var(--text-s);
			overflow: hidden;
			overflow-wrap: anywhere;
			padding: 0.25rem var(--gap-l);
		}

		@media (max-width: 640px) {
			.strip {
				column-gap: var(--gap-m);
				padding-inline: var(--gap-m);
			}

			.optional {
				display: none;
			}

			.trouble {
				padding-inline: var(--gap-m);
			}
		}
	`];

	render() {
		const { paused, sampling = {}, store = {}, backends = [] } = this.status;
		return html`<div class="strip" role="group" aria-label="Agent status"><dl>
			<div class="item state ${paused ? 'paused' : ''}"><dt class="visually-hidden">Recording</dt>
				<dd><span class="dot"></span>${paused ? 'Paused' : 'Recording'}</dd></div>
			<div class="item"><dt>Sampling</dt><dd>${percent(sampling.rate)}${sampling.maxPer3s > 0
					? ` · at most ${count(sampling.maxPer3s)} in 3 s` : nothing}</dd></div>
			${this.#kept(sampling)}
			${this.#fill(store)}
		</dl>
		<div class="backends">${backends.map((backend) => html`<apm-backend-status class="item" .backend=${backend}></apm-backend-status>`)}</div></div>
		<div role="status">${backends.map((backend) => this.#trouble(backend))}</div>`;
	}

	/** A backend that gets nothing, which nobody may have looked for. */
	#trouble({ name, state, lastError, lastSuccessAt }) {
		return state === 'down' && lastError ? html`<p class="trouble"><strong class="foreign">${name}</strong> is down:
			<span class="foreign">${lastError}</span> · ${lastSuccessAt ? `Last sent at ${time(lastSuccessAt * 1_000)}` : 'Nothing was sent yet'}
			· Trying again</p>` : nothing;
	}

	#kept(sampling) {
		const kept = [sampling.keepSlow ? `slower than ${sampling.keepSlow}` : null, sampling.keepErrors ? 'failed' : null].filter(Boolean);
		return kept.length === 0 ? nothing
				: html`<div class="item optional"><dt>Always kept</dt><dd>${kept.join(', ')}</dd></div>`;
	}

	#fill({ bytes: used, maxBytes, traces, evicted }) {
		const share = maxBytes > 0 ? Math.min(1, used / maxBytes) : 0;
		return html`<div class="item"><dt>Store</dt>
			<dd class="item" title="${count(traces)} traces kept, ${count(evicted)} older ones given up for newer ones">
				<svg class="meter" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
					<rect class="track" width="100" height="10"></rect><rect class="fill" width=${share * 100} height="10"></rect></svg>
				${bytes(used)} of ${bytes(maxBytes)}<span class="optional">· ${compact(traces)} traces${evicted > 0
					? ` · ${compact(evicted)} evicted` : nothing}</span></dd></div>`;
	}

}

customElements.define('apm-status-strip', StatusStrip);
