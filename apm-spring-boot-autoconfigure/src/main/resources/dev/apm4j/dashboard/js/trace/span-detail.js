import { LitElement, css, html, nothing } from 'lit';
import { duration, percent, time } from '../core/format.js';
import { base } from '../shared/styles.js';
import { glyph } from '../shared/glyph.js';
import '../shared/copy-button.js';
import { SHOWN_ELSEWHERE, databaseCall } from './database-call.js';
import { detailStyles } from './detail-styles.js';
import { isOutsideParent, selfTime } from './span-tree.js';
import './statement-section.js';

/** From so many characters on, a value gets a block of its own below its key. */
const LONG = 60;

/** Everything known of one span. Fires "close-detail", "select-row" (its parent) and "zoom-to". */
class SpanDetail extends LitElement {

	static properties = {
		node: { attribute: false },
		tree: { attribute: false },
		zoomed: { attribute: false },
	};

	static styles = [base, detailStyles, css`
		.attributes {
			gap: 0;
			grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
		}

		.attributes > div {
			border-top: 1px solid var(--line);
			column-gap: var(--gap-s);
			display: grid;
			grid-column: 1 / -1;
			grid-template-columns: subgrid;
			padding: 0.2rem 0;
		}

		.attributes > div:first-child {
			border-top: 0;
		}

		.attributes .long dt,
		.attributes .long dd {
			grid-column: 1 / -1;
		}
	`];

	updated(changed) {
		if (changed.has('node')) {
			this.scrollTop = 0;
		}
	}

	render() {
		const { node, tree } = this;
		const { span } = node;
		const call = databaseCall(span);
		return html`<article aria-label="Selected span">
			<header><h2 class="foreign">${node.name}</h2>
				<button class="button icon" type="button" aria-label="Close details" title="Close details (Escape)"
					@click=${() => this.#fire('close-detail')}>${glyph('close')}</button></header>
			<section>
				<dl>
					<dt>Duration</dt><dd><strong>${duration(node.duration)}</strong>${call?.times > 0 ? html` <span class="muted">all together,</span>` : nothing}${tree.duration > 0
						? html` <span class="muted">${percent(node.duration / tree.duration)} of the trace</span>` : nothing}</dd>
					${node.children.length > 0 ? html`<dt>Own time</dt><dd>${duration(selfTime(node))} <span class="muted">not in spans below</span></dd>` : nothing}
					<dt>Starts at</dt><dd>+${duration(node.start)} <span class="muted">${time(span.start)}</span></dd>
					<dt>Kind</dt><dd>${String(span.kind ?? '').toLowerCase()}</dd>
					<dt>Service</dt><dd class="foreign">${span.service}${span.instance ? html` <span class="muted mono">${span.instance}</span>` : nothing}</dd>
				</dl>
				${isOutsideParent(node) ? html`<p class="hint">Runs outside its parent's time: asynchronous work, or the clocks of two machines disagree.</p>` : nothing}
				<div class="actions">
					<button class="button" type="button" aria-pressed=${this.zoomed ? 'true' : 'false'}
						@click=${() => this.#fire('zoom-to', this.zoomed ? '' : node.key)}>Zoom axis to this span</button>
					${node.parent ? html`<button class="button" type="button" @click=${() => this.#fire('select-row', node.parent.key)}>Go to parent</button>` : nothing}
				</div>
			</section>
			${this.#failure(span.error)}
			${call ? html`<apm-statement-section .call=${call} .total=${node.duration}></apm-statement-section>` : nothing}
			${this.#attributes(Object.entries(span.attributes ?? {}).filter(([key]) => !call || !SHOWN_ELSEWHERE.includes(key)))}
			${this.#events(span.events ?? [])}
			<section><h3>Ids</h3><dl>
				<dt>Span</dt><dd class="line"><span class="mono foreign">${span.id}</span><apm-copy-button .value=${span.id} label="span id"></apm-copy-button></dd>
				<dt>Parent</dt><dd class="mono foreign">${span.parentId ?? 'none'}</dd>
			</dl>
			${tree.isCutOff(node) ? html`<p class="muted">The parent isn't in this trace: a caller that reports elsewhere, or a span that was not kept.</p>` : nothing}</section>
		</article>`;
	}

	#failure(error) {
		if (!error) {
			return nothing;
		}
		return html`<section class="failure"><h3>Error</h3>
			<p class="type mono foreign">${error.type}</p>
			${error.message ? html`<p class="foreign">${error.message}</p>` : nothing}
			${error.stack ? html`<pre tabindex="0" aria-label="Stack trace">${error.stack}</pre>
				<div class="actions muted">Stack trace<apm-copy-button .value=${error.stack} label="stack trace"></apm-copy-button></div>` : nothing}</section>`;
	}

	#attributes(entries) {
		return html`<section><h3>Attributes</h3>${entries.length === 0 ? html`<p class="muted">none</p>`
			: html`<dl class="attributes">${entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => {
				const text = value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value);
				const long = text.length > LONG || text.includes('\n');
				return html`<div class=${long ? 'long' : ''}><dt class="foreign">${key}</dt>
					<dd class="foreign">${long ? html`<pre class="wrap">${text}</pre>` : text}</dd></div>`;
			})}</dl>`}</section>`;
	}

	#events(events) {
		return events.length === 0 ? nothing : html`<section><h3>Events</h3><dl>${events.map((event) => html`
			<dt>+${duration(event.time - this.tree.start)}</dt><dd class="foreign">${event.name}</dd>`)}</dl></section>`;
	}

	#fire(type, detail) {
		this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
	}

}

customElements.define('apm-span-detail', SpanDetail);
