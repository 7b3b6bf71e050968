import { LitElement, html, nothing } from 'lit';
import { duration } from '../core/format.js';
import { vars } from '../core/vars.js';
import { base } from '../shared/styles.js';
import { glyph } from '../shared/glyph.js';
import { timesOf } from './database-call.js';
import { place, ticks } from './time-axis.js';
import { ROW_HEIGHT, waterfallStyles } from './waterfall-styles.js';
import './waterfall-legend.js';

const OVERSCAN = 12;

const NARROW_PX = 600;

/** How many levels are shown by indentation; deeper ones only say their number. */
const MAX_INDENT = 14;

/** Cells a group's bar is drawn with: its members can be thousands. */
const GROUP_CELLS = 240;

/**
 * Tree and timeline of a trace. Only the rows in view are in the document. Fires "select-row" (key of a span or group).
 * Keys: up, down, page up and down, home, end; left and right fold and unfold; Escape closes the details.
 */
class Waterfall extends LitElement {

	static properties = {
		tree: { attribute: false },
		range: { attribute: false },
		selected: { attribute: false },
		found: { attribute: false },
		top: { state: true },
		height: { state: true },
		width: { state: true },
	};

	static styles = [base, waterfallStyles];

	/** @type {Set<string>} */
	#folded = new Set();

	/** @type {Set<string>} */
	#opened = new Set();

	/** @type {import('./span-tree.js').Row[]} */
	#rows = [];

	#foundKeys = new Set();

	#resize = new ResizeObserver(([entry]) => {
		this.height = entry.contentRect.height;
		this.width = entry.contentRect.width;
	});

	constructor() {
		super();
		this.found = [];
		this.top = 0;
		this.height = window.innerHeight;
		this.width = window.innerWidth;
	}

	/** Puts the cursor into the tree. */
	focus() {
		this.#scroller.focus();
	}

	unfoldAll() {
		this.#folded.clear();
		for (const node of this.tree.nodes) {
			if (node.group !== null) {
				this.#opened.add(node.group.key);
			}
		}
		this.#changed();
	}

	foldAll() {
		this.#opened.clear();
		this.#folded = new Set(this.tree.nodes.filter((node) => node.entries.length > 0).map((node) => node.key));
		this.#changed();
	}

	firstUpdated() {
		this.#resize.observe(this.#scroller);
	}

	willUpdate(changed) {
		if (changed.has('tree')) {
			this.#rows = this.tree.rows(this.#folded, this.#opened);
		}
		if (changed.has('found')) {
			// A group stands for its members, so that a match in it can be seen before it is opened.
			this.#foundKeys = new Set(this.found.flatMap((node) => (node.group === null ? [node.key] : [node.key, node.group.key])));
		}
		if (changed.has('selected') || changed.has('tree')) {
			this.#unfoldTo(this.tree.node(this.selected) ?? this.tree.group(this.selected)?.members[0], this.selected);
		}
	}

	updated(changed) {
		if (changed.has('selected')) {
			this.#scrollTo(this.#index());
		}
	}

	render() {
		const first = Math.max(0, Math.floor(this.top / ROW_HEIGHT) - OVERSCAN);
		const last = Math.min(this.#rows.length, Math.ceil((this.top + this.height) / ROW_HEIGHT) + OVERSCAN);
		const scale = ticks(this.range, this.width < NARROW_PX ? 2 : 6);
		const current = this.#index();
		return html`
			<apm-waterfall-legend .tree=${this.tree}></apm-waterfall-legend>
			<div class="scroller" role="treegrid" tabindex="0" aria-label="Spans" aria-rowcount=${this.#rows.length + 1}
				aria-activedescendant=${current >= first && current < last ? `row-${current}` : nothing}
				@scroll=${this.#onScroll} @keydown=${this.#onKey} @click=${this.#onClick}>
				<div class="row head" role="row" aria-rowindex="1">
					<div class="title" role="columnheader">Span</div>
					<div class="axis" role="columnheader" aria-label="Time">${scale.map(({ at, share }) => html`<span class="tick"
						${vars({ '--at': share })}>${duration(at)}</span>`)}</div>
				</div>
				<div class="space" role="presentation" ${vars({ '--height': `${this.#rows.length * ROW_HEIGHT}px`, '--step': scale[1]?.share ?? 1 })}>
					<div class="window" role="rowgroup" ${vars({ '--offset': `${first * ROW_HEIGHT}px` })}>
						${this.#rows.slice(first, last).map((row, i) => this.#row(row, first + i, first + i === current))}
					</div>
				</div>
			</div>`;
	}

	/** @param {import('./span-tree.js').Row} row */
	#row(row, index, current) {
		const { node, group } = row;
		const { name, category, errors } = node ?? group;
		const failed = Boolean(node?.span.error);
		const hiddenErrors = row.expanded || errors === 0 ? 0 : errors - (failed ? 1 : 0);
		const span = (node ?? group.members[0]).span;
		const times = node ? timesOf(node.span) : 0;
		const indent = Math.min(row.level - 1, MAX_INDENT);
		return html`<div id="row-${index}" class="row ${current ? 'selected' : ''} ${failed ? 'failed' : ''} ${this.#foundKeys.has(row.key) ? 'found' : ''}"
			role="row" aria-rowindex=${index + 2} aria-level=${row.level} aria-selected=${current ? 'true' : 'false'}
			aria-expanded=${row.expandable ? String(row.expanded) : nothing} data-index=${index}>
			<div class="label" role="gridcell" ${vars({ '--indent': indent })}>
				<span class="fold" aria-hidden="true">${row.expandable ? glyph(row.expanded ? 'down' : 'right') : nothing}</span>
				${this.tree.services.length > 1 ? html`<span class="service" title=${span.service ?? ''}
					${vars({ '--service': `var(--service-${this.tree.services.indexOf(span.service) % 6})` })}></span>` : nothing}
				${indent < row.level - 1 ? html`<span class="deep" title="Level ${row.level}">${row.level}</span>` : nothing}
				${group ? html`<span class="times">${group.members.length}×</span>` : nothing}
				${times > 0 ? html`<span class="times repeated" title="One statement, repeated: a query in a loop?">${times}×</span>` : nothing}
				<span class="name foreign" title=${name}>${name}</span>
				${failed ? html`<span class="failure">error</span>` : nothing}
				${hiddenErrors > 0 ? html`<span class="failure">${hiddenErrors} failed</span>` : nothing}
				${node && row.expandable && !row.expanded ? html`<span class="below">${node.below}</span>` : nothing}
			</div>
			<div class="line ${category}" role="gridcell">${group ? this.#groupBar(group) : this.#bar(node)}</div>
		</div>`;
	}

	#bar(node) {
		const at = place(node, this.range);
		return html`${at.visible ? html`<span class="bar" ${vars({ '--from': at.from, '--to': at.to })}></span>` : nothing}
			<span class="time" ${vars({ '--to': at.to })}>${timesOf(node.span) > 0 && this.width >= NARROW_PX ? 'Σ ' : ''}${duration(node.duration)}</span>`;
	}

	#groupBar(group) {
		const total = group.members.reduce((sum, member) => sum + member.duration, 0);
		const cells = new Uint8Array(GROUP_CELLS);
		let end = 0;
		for (const member of group.members) {
			const at = place(member, this.range);
			if (at.visible) {
				const from = Math.min(GROUP_CELLS - 1, Math.floor(at.from * GROUP_CELLS));
				cells.fill(1, from, Math.max(from + 1, Math.ceil(at.to * GROUP_CELLS)));
				end = Math.max(end, at.to);
			}
		}
		let path = '';
		for (let i = 0; i < GROUP_CELLS; i++) {
			if (cells[i] === 1) {
				path += `M${i} 0h1v1h-1z`;
			}
		}
		return html`<svg class="many" viewBox="0 0 ${GROUP_CELLS} 1" preserveAspectRatio="none" aria-hidden="true"><path d=${path}></path></svg>
			<span class="time" title="All together" ${vars({ '--to': end })}>Σ ${duration(total)}</span>`;
	}

	get #scroller() {
		return this.renderRoot.querySelector('.scroller');
	}

	#index() {
		return this.selected ? this.#rows.findIndex((row) => row.key === this.selected) : -1;
	}

	#select(index) {
		const row = this.#rows[Math.max(0, Math.min(this.#rows.length - 1, index))];
		if (row !== undefined) {
			this.dispatchEvent(new CustomEvent('select-row', { detail: row.key, bubbles: true }));
		}
	}

	#toggle(index) {
		const { key, group, expanded } = this.#rows[index];
		const set = group === undefined ? this.#folded : this.#opened;
		if (expanded === (group === undefined)) {
			set.add(key);
		}
		else {
			set.delete(key);
		}
		this.#changed();
		// The selection must not vanish into what was just folded.
		if (this.selected && this.#index() < 0) {
			this.#select(index);
		}
	}

	#changed() {
		this.#rows = this.tree.rows(this.#folded, this.#opened);
		this.requestUpdate();
	}

	#unfoldTo(node, key) {
		if (node !== undefined && this.#index() < 0) {
			for (const step of this.tree.wayTo(node)) {
				if (step.group !== undefined && step.group.key !== key) {
					this.#opened.add(step.group.key);
				}
				this.#folded.delete(step.node?.key);
			}
			this.#rows = this.tree.rows(this.#folded, this.#opened);
		}
	}

	#scrollTo(index) {
		if (index < 0) {
			return;
		}
		const scroller = this.#scroller;
		const room = scroller.clientHeight - ROW_HEIGHT;
		const top = index * ROW_HEIGHT;
		if (top < scroller.scrollTop) {
			scroller.scrollTop = top;
		}
		else if (top + ROW_HEIGHT > scroller.scrollTop + room) {
			scroller.scrollTop = top + ROW_HEIGHT - room;
		}
	}

	#onScroll(event) {
		this.top = event.target.scrollTop;
	}

	#onClick(event) {
		const row = event.target.closest('[data-index]');
		if (row === null) {
			return;
		}
		const index = Number(row.dataset.index);
		if (event.target.closest('.fold') && this.#rows[index].expandable) {
			this.#toggle(index);
		}
		else {
			this.#select(index);
		}
	}

	#onKey(event) {
		if (event.ctrlKey || event.metaKey || event.altKey) {
			return;
		}
		const index = this.#index();
		const page = Math.max(1, Math.floor(this.height / ROW_HEIGHT) - 2);
		const actions = {
			ArrowDown: () => this.#select(index + 1),
			ArrowUp: () => this.#select(Math.max(0, index - 1)),
			PageDown: () => this.#select(index + page),
			PageUp: () => this.#select(Math.max(0, index - page)),
			Home: () => this.#select(0),
			End: () => this.#select(this.#rows.length - 1),
			ArrowRight: () => this.#inwards(index),
			ArrowLeft: () => this.#outwards(index),
			Enter: () => (index >= 0 && this.#rows[index].expandable ? this.#toggle(index) : this.#select(index)),
			Escape: () => this.dispatchEvent(new CustomEvent('close-detail', { bubbles: true })),
		};
		if (actions[event.key]) {
			event.preventDefault();
			actions[event.key]();
		}
	}

	#inwards(index) {
		const row = this.#rows[index];
		if (row?.expandable) {
			if (row.expanded) {
				this.#select(index + 1);
			}
			else {
				this.#toggle(index);
			}
		}
	}

	#outwards(index) {
		const row = this.#rows[index];
		if (row?.expanded) {
			this.#toggle(index);
		}
		else if (row !== undefined) {
			for (let i = index - 1; i >= 0; i--) {
				if (this.#rows[i].level < row.level) {
					this.#select(i);
					return;
				}
			}
		}
	}

}

customElements.define('apm-waterfall', Waterfall);
