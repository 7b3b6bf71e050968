import { LitElement, css, html, nothing } from 'lit';
import { count, duration, plain } from '../core/format.js';
import { href } from '../core/router.js';
import { base } from '../shared/styles.js';
import '../shared/copy-button.js';
import { detailStyles } from './detail-styles.js';

/** The statement of a database span, what it fetched, and where in the code it is repeated. */
class StatementSection extends LitElement {

	static properties = {
		call: { attribute: false },
		total: { attribute: false },
	};

	static styles = [base, detailStyles, css`
		:host {
			border: 0;
			border-radius: 0;
			overflow: visible;
		}

		section:last-child {
			border-bottom: 1px solid var(--line);
		}

		.repeated {
			background: var(--warn-soft);
		}

		.repeated h3 {
			color: var(--warn);
		}

		.repeated dl {
			margin-top: var(--gap-xs);
		}

		.repeated ol {
			font-family: var(--mono);
			font-size: var(--text-s);
			list-style: none;
			margin: 0.15rem 0 0;
			padding: 0;
		}

		.repeated li:first-child strong {
			color: var(--warn);
		}

		.repeated strong {
			font-weight: 600;
		}

		.text {
			align-items: start;
			display: flex;
			gap: var(--gap-xs);
			margin-bottom: var(--gap-xs);
		}

		.text pre {
			flex: 1;
			min-width: 0;
		}
	`];

	render() {
		const { call } = this;
		const facts = [
			['Database', plain(call.database)],
			['Table or procedure', plain(call.collection)],
			['Rows fetched', call.fetched === undefined ? '' : count(call.fetched)],
			['Rows changed', call.affected === undefined ? '' : count(call.affected)],
			['Batch', call.batch === undefined ? '' : `${count(call.batch)} statements`],
			['Waited', call.wait === undefined ? '' : `${duration(call.wait)} for the connection, before`],
			['Error code', call.status === undefined ? '' : plain(call.status)],
		].filter(([, value]) => value);
		return html`${call.times > 0 ? this.#repeated() : nothing}
			<section><h3>SQL</h3>
				${call.text ? html`<div class="text"><pre class="wrap" tabindex="0" aria-label="Statement">${call.text}</pre>
					<apm-copy-button .value=${call.text} label="statement"></apm-copy-button></div>` : nothing}
				<dl>${facts.map(([label, value]) => html`<dt>${label}</dt><dd class="foreign">${value}</dd>`)}</dl>
				${call.text ? html`<div class="actions"><a href=${href(['sql'], { find: call.text.slice(0, 200) })}>All executions of it</a></div>` : nothing}
			</section>`;
	}

	#repeated() {
		const { call, total } = this;
		return html`<section class="repeated"><h3>Repeated ${count(call.times)} times: N+1</h3>
			<p>One request executed this ${count(call.times)} times. Could it be one query, or a batch?</p>
			<dl>
				<dt>Together</dt><dd><strong>${duration(total)}</strong></dd>
				<dt>Average</dt><dd>${duration(total / call.times)}</dd>
				<dt>Fastest</dt><dd>${duration(call.min)}</dd>
				<dt>Slowest</dt><dd>${duration(call.max)}</dd>
				${call.callers.length > 0 ? html`<dt>Called by</dt><dd><ol>${call.callers.map((line) => html`<li class="foreign">${frame(line)}</li>`)}</ol></dd>` : nothing}
			</dl></section>`;
	}

}

/** A frame of the stack, what one looks for in it first: class, method and line. */
function frame(line) {
	const [, place, method] = /^(.*\.)?([^.]+\.[^.]+\(.*)$/.exec(line) ?? [undefined, '', line];
	return html`<span class="muted">${plain(place)}</span><strong>${plain(method)}</strong>`;
}

customElements.define('apm-statement-section', StatementSection);
