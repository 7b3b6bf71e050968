import { LitElement, css, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { parseDuration } from '../core/format.js';
import { base } from '../shared/styles.js';
import { glyph } from '../shared/glyph.js';
import { LIMITS, DEFAULT_LIMIT, isFiltering, traceIdOf } from './filter.js';

/**
 * The fields above the trace list. Fires "filter-change" with the changed parameters of the address, and "open-trace" with
 * a trace id if one was put into the field for names.
 */
class TraceFilter extends LitElement {

	static properties = {
		filter: { attribute: false },
	};

	static styles = [base, css`
		form {
			align-items: center;
			display: flex;
			flex-wrap: wrap;
			gap: var(--gap-s);
		}

		label {
			align-items: center;
			color: var(--muted);
			display: inline-flex;
			gap: 0.4rem;
		}

		.field {
			color: var(--text);
		}

		.name {
			flex: 0 1 20rem;
		}

		.name .field {
			width: 100%;
		}

		.min {
			width: 6rem;
		}

		@media (max-width: 640px) {
			.name {
				flex-basis: 100%;
			}

			.min {
				width: 6rem;
			}

			.word {
				clip-path: inset(50%);
				position: absolute;
			}
		}
	`];

	/** Puts the cursor into the name field. */
	focus() {
		this.renderRoot.querySelector('#name').focus();
	}

	render() {
		const filter = this.filter;
		return html`<form role="search" aria-label="Filter traces" @submit=${(event) => event.preventDefault()}>
			<label class="name"><span class="visually-hidden">Name contains, or trace id</span>
				<input id="name" class="field" type="search" placeholder="Name contains, or trace id" autocomplete="off" spellcheck="false"
					.value=${live(filter.name)} @input=${(event) => this.#name(event.target.value)}></label>
			<label><span class="word">Slower than</span>
				<input class="field min" type="text" placeholder="> 100ms" autocomplete="off" spellcheck="false" list="durations"
					aria-invalid=${Number.isNaN(parseDuration(filter.minDuration)) ? 'true' : 'false'}
					title="A duration: 250us, 100ms, 1.5s. A plain number is microseconds."
					.value=${live(filter.minDuration)} @input=${(event) => this.#change({ minDuration: event.target.value })}></label>
			<datalist id="durations"><option value="10ms"></option><option value="100ms"></option><option value="500ms"></option><option
				value="1s"></option><option value="5s"></option></datalist>
			<button class="button" type="button" aria-pressed=${filter.error ? 'true' : 'false'}
				@click=${() => this.#change({ error: !filter.error })}>Errors only</button>
			${filter.service === '' ? nothing : html`<button class="button" type="button" aria-pressed="true"
				title="Show all services" @click=${() => this.#change({ service: '' })}>Service ${filter.service}${glyph('close')}</button>`}
			<label><span class="word">Show</span>
				<select class="field" .value=${live(String(filter.limit))}
					@change=${(event) => this.#change({ limit: Number(event.target.value) === DEFAULT_LIMIT ? '' : event.target.value })}>
					${LIMITS.map((limit) => html`<option value=${limit} ?selected=${limit === filter.limit}>${limit}</option>`)}
				</select></label>
			${isFiltering(filter) ? html`<button class="button" type="button"
				@click=${() => this.#change({ name: '', service: '', minDuration: '', error: '' })}>${glyph('close')}Clear</button>` : nothing}
		</form>`;
	}

	#name(text) {
		const traceId = traceIdOf(text);
		if (traceId === null) {
			this.#change({ name: text });
		}
		else {
			this.dispatchEvent(new CustomEvent('open-trace', { detail: traceId }));
		}
	}

	#change(params) {
		this.dispatchEvent(new CustomEvent('filter-change', { detail: params }));
	}

}

customElements.define('apm-trace-filter', TraceFilter);
