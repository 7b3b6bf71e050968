import { LitElement, css, html, nothing } from 'lit';
import { traceUrl } from '../core/api.js';
import { count, duration, isoTime, time } from '../core/format.js';
import { href } from '../core/router.js';
import { badges, base } from '../shared/styles.js';
import { glyph } from '../shared/glyph.js';
import { statusBadge } from '../shared/status-badge.js';
import '../shared/copy-button.js';

/** The head of a trace: what it was, when, how long, what went wrong. Fires "reload". */
class TraceFacts extends LitElement {

	static properties = {
		trace: { attribute: false },
		tree: { attribute: false },
	};

	static styles = [base, badges, css`
		.title {
			align-items: start;
			display: flex;
			gap: var(--gap-s);
		}

		h1 {
			-webkit-box-orient: vertical;
			-webkit-line-clamp: 2;
			display: -webkit-box;
			font-size: var(--text-xl);
			font-weight: 600;
			line-height: 1.6rem;
			overflow: hidden;
		}

		.title .button {
			flex: none;
		}

		.title .badge {
			flex: none;
			margin-top: 0.3rem;
		}

		.title .reload {
			margin-left: auto;
		}

		dl {
			display: flex;
			flex-wrap: wrap;
			font-variant-numeric: tabular-nums;
			gap: 0.1rem var(--gap-l);
			margin-top: var(--gap-xs);
		}

		dl > div {
			align-items: center;
			display: flex;
			gap: 0.4rem;
			min-height: 1.5rem;
			min-width: 0;
		}

		dt {
			color: var(--muted);
			flex: none;
		}

		.id {
			overflow: hidden;
			text-overflow: ellipsis;
			white-space: nowrap;
		}

		strong {
			font-weight: 600;
		}

		.error {
			color: var(--error);
		}

		.warn {
			color: var(--warn);
		}
	`];

	render() {
		const { trace, tree } = this;
		const root = tree.roots.find((node) => !tree.isCutOff(node)) ?? tree.roots[0];
		const failed = tree.nodes.filter((node) => node.span.error).length;
		const start = Number.isFinite(trace.start) ? trace.start : tree.start;
		return html`
			<div class="title">
				<a class="button icon" href=${href(['traces'])} aria-label="All traces" title="All traces">${glyph('back')}</a>
				<h1 class="foreign" title=${root?.name ?? ''}>${root?.name ?? 'Trace'}</h1>
				${root ? statusBadge(root.span.attributes?.['http.response.status_code'], root.span.kind) : nothing}
				${failed > 0 ? html`<span class="badge error">error</span>` : nothing}
				<button class="button icon reload" type="button" aria-label="Load again" title="Load again: late spans may have come"
					@click=${() => this.dispatchEvent(new CustomEvent('reload'))}>${glyph('reload')}</button>
			</div>
			<dl>
				<div><dt>Started</dt><dd><time datetime=${isoTime(start / 1_000)} title=${isoTime(start / 1_000)}>${time(start)}</time></dd></div>
				<div><dt>Duration</dt><dd><strong>${duration(trace.duration)}</strong></dd></div>
				<div><dt>Spans</dt><dd>${count(tree.nodes.length)}${trace.droppedSpans > 0
						? html` <span class="warn" title="Over the limit of spans in a trace, or lost on the way">and ${count(trace.droppedSpans)} dropped</span>` : nothing}</dd></div>
				<div><dt>${tree.services.length === 1 ? 'Service' : 'Services'}</dt><dd class="foreign">${tree.services.join(', ')}</dd></div>
				${failed > 0 ? html`<div><dt>Failed spans</dt><dd class="error"><strong>${count(failed)}</strong></dd></div>` : nothing}
				<div><dt>Trace id</dt><dd class="mono id" title=${trace.traceId}>${trace.traceId}</dd>
					<apm-copy-button .value=${trace.traceId} label="trace id"></apm-copy-button>
					<a href=${traceUrl(trace.traceId)} target="_blank" rel="noopener">JSON</a></div>
			</dl>`;
	}

}

customElements.define('apm-trace-facts', TraceFacts);
