import { LitElement, css, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { fetchTrace } from '../core/api.js';
import { duration } from '../core/format.js';
import { href, router } from '../core/router.js';
import { base } from '../shared/styles.js';
import { glyph } from '../shared/glyph.js';
import '../shared/notice.js';
import { SpanSearch } from './span-search.js';
import { SpanTree } from './span-tree.js';
import { range } from './time-axis.js';
import './group-detail.js';
import './span-detail.js';
import './trace-facts.js';
import './waterfall.js';

/** One trace. Parameters: span (key of the selected span or group), find (words searched for), zoom (key of the span that fills the axis). */
class TracePage extends LitElement {

	static properties = {
		traceId: { attribute: false },
		params: { attribute: false },
		trace: { state: true },
		error: { state: true },
	};

	static styles = [base, css`
		:host {
			display: flex;
			flex-direction: column;
			gap: var(--gap-s);
			height: 100%;
			padding: var(--gap-m) var(--gap-l);
		}

		.tools {
			align-items: center;
			display: flex;
			flex-wrap: wrap;
			gap: var(--gap-xs) var(--gap-s);
		}

		.find {
			display: flex;
			flex: 0 1 18rem;
		}

		.find .field {
			width: 100%;
		}

		.found {
			color: var(--muted);
			font-variant-numeric: tabular-nums;
			min-width: 2.5rem;
		}

		.body {
			align-items: start;
			display: grid;
			flex: 1 1 0;
			gap: var(--gap-m);
			grid-template-columns: minmax(0, 1fr);
			grid-template-rows: minmax(0, 1fr);
			min-height: 14rem;
		}

		.body > * {
			max-height: 100%;
			min-height: 0;
		}

		.body.split {
			grid-template-columns: minmax(0, 1fr) minmax(20rem, 27%);
		}

		.zoom span {
			max-width: 14rem;
			overflow: hidden;
			text-overflow: ellipsis;
		}

		@media (max-width: 900px) {
			:host {
				padding: var(--gap-s) var(--gap-m);
			}

			.body {
				min-height: 24rem;
			}

			.body.split {
				grid-template-columns: minmax(0, 1fr);
				grid-template-rows: minmax(0, 1fr) minmax(0, 1.2fr);
				min-height: 38rem;
			}
		}
	`];

	#tree = null;

	#search = null;

	#abort = null;

	#onKey = (event) => {
		const typing = event.composedPath()[0].matches?.('input, select, textarea');
		if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
			event.preventDefault();
			this.renderRoot.querySelector('input')?.focus();
		}
	};

	constructor() {
		super();
		this.trace = null;
		this.error = null;
	}

	connectedCallback() {
		super.connectedCallback();
		document.addEventListener('keydown', this.#onKey);
		this.#load();
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		document.removeEventListener('keydown', this.#onKey);
		this.#abort?.abort();
	}

	render() {
		if (this.trace === null) {
			return this.error === null ? html`<p class="muted" role="status">Loading…</p>` : this.#failure();
		}
		const tree = this.#tree;
		const node = tree.node(this.params.span);
		const group = tree.group(this.params.span);
		const zoomed = tree.node(this.params.zoom);
		const found = this.#search.find(this.params.find ?? '');
		return html`
			<apm-trace-facts .trace=${this.trace} .tree=${tree} @reload=${this.#load}></apm-trace-facts>
			${this.trace.spans.length === 0 ? html`<apm-notice heading="This trace has no spans"></apm-notice>` : html`
			${this.#tools(found, zoomed)}
			<div class="body ${node || group ? 'split' : ''}" @select-row=${(event) => router.replace({ span: event.detail })}
				@zoom-to=${(event) => router.replace({ zoom: event.detail })} @close-detail=${this.#closeDetail}>
				<apm-waterfall .tree=${tree} .range=${zoomed ? range(zoomed.start, zoomed.duration) : range(0, tree.duration)}
					.selected=${this.params.span} .found=${found}></apm-waterfall>
				${node ? html`<apm-span-detail .node=${node} .tree=${tree} .zoomed=${node === zoomed}></apm-span-detail>` : nothing}
				${group ? html`<apm-group-detail .group=${group} .tree=${tree}></apm-group-detail>` : nothing}
			</div>`}`;
	}

	#tools(found, zoomed) {
		const words = this.params.find ?? '';
		const position = found.findIndex((node) => node.key === this.params.span);
		return html`<div class="tools">
			<label class="find"><span class="visually-hidden">Search in this trace</span>
				<input class="field" type="search" placeholder="Search spans, attributes, errors" autocomplete="off" spellcheck="false"
					.value=${live(words)} @input=${(event) => router.replace({ find: event.target.value })} @keydown=${this.#onFindKey}></label>
			${words.trim() === '' ? nothing : html`
				<span class="found" role="status">${found.length === 0 ? 'none' : `${position >= 0 ? `${position + 1} of ` : ''}${found.length}`}</span>
				<button class="button icon" type="button" aria-label="Previous match" title="Previous match (Shift+Enter)"
					?disabled=${found.length === 0} @click=${() => this.#step(-1)}>${glyph('up')}</button>
				<button class="button icon" type="button" aria-label="Next match" title="Next match (Enter)"
					?disabled=${found.length === 0} @click=${() => this.#step(1)}>${glyph('down')}</button>`}
			<button class="button" type="button" @click=${() => this.#waterfall.unfoldAll()}>Unfold all</button>
			<button class="button" type="button" @click=${() => this.#waterfall.foldAll()}>Fold all</button>
			${zoomed ? html`<button class="button zoom" type="button" aria-pressed="true" title="Show the whole trace on the axis"
				@click=${() => router.replace({ zoom: '' })}><span class="foreign">Zoomed to ${zoomed.name}, ${duration(zoomed.duration)}</span>${glyph('close')}</button>` : nothing}
		</div>`;
	}

	#failure() {
		const missing = this.error.kind === 'missing';
		return html`<apm-notice tone="error" heading=${missing ? 'There is no such trace' : 'The trace can\'t be read'}
			text=${missing ? 'It was not sampled, has been given up for newer ones, or the app was restarted since.' : this.error.message}>
			<p class="mono foreign muted">${this.traceId}</p>
			<p><a href=${href(['traces'])}>All traces</a></p>
			<p><button class="button" type="button" @click=${this.#load}>${glyph('reload')}Try again</button></p></apm-notice>`;
	}

	get #waterfall() {
		return this.renderRoot.querySelector('apm-waterfall');
	}

	async #load() {
		this.#abort?.abort();
		const abort = new AbortController();
		this.#abort = abort;
		try {
			const trace = await fetchTrace(this.traceId, abort.signal);
			this.#tree = new SpanTree(trace.spans);
			this.#search = new SpanSearch(this.#tree);
			this.trace = trace;
			this.error = null;
		}
		catch (ex) {
			if (!abort.signal.aborted) {
				this.trace = null;
				this.error = ex;
			}
		}
	}

	#onFindKey(event) {
		if (event.key === 'Enter') {
			event.preventDefault();
			this.#step(event.shiftKey ? -1 : 1);
		}
	}

	#step(by) {
		const found = this.#search.find(this.params.find ?? '');
		if (found.length === 0) {
			return;
		}
		const position = found.findIndex((node) => node.key === this.params.span);
		const next = position < 0 ? (by > 0 ? 0 : found.length - 1) : (position + by + found.length) % found.length;
		router.replace({ span: found[next].key });
	}

	#closeDetail() {
		router.replace({ span: '' });
		this.#waterfall.focus();
	}

}

customElements.define('apm-trace-page', TracePage);
