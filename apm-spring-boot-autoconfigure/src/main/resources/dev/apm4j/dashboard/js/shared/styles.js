// Styles more than one component needs. Shadow roots share the sheet; nothing is copied.
import { css } from 'lit';

/** Resets and form controls; every component takes it first. */
export const base = css`
	*,
	*::before,
	*::after {
		box-sizing: border-box;
	}

	:host([hidden]),
	[hidden] {
		display: none !important;
	}

	a {
		color: var(--accent);
		text-decoration: none;
	}

	a:hover {
		text-decoration: underline;
	}

	:focus {
		outline: none;
	}

	:focus-visible {
		outline: 2px solid var(--focus);
		outline-offset: 1px;
	}

	h1,
	h2,
	h3,
	p,
	dl,
	dd,
	ul,
	pre {
		margin: 0;
		padding: 0;
	}

	button,
	input,
	select {
		color: inherit;
		font: inherit;
	}

	.button,
	.field {
		align-items: center;
		background: var(--raised);
		border: 1px solid var(--line-strong);
		border-radius: var(--radius-s);
		display: inline-flex;
		gap: 0.35rem;
		height: 1.75rem;
		line-height: 1;
		padding: 0 0.55rem;
		white-space: nowrap;
	}

	.button {
		border-color: var(--line);
		color: var(--text);
		cursor: pointer;
	}

	.button:hover {
		background: var(--hover);
		border-color: var(--line-strong);
		text-decoration: none;
	}

	.button:disabled {
		cursor: default;
		opacity: 0.5;
	}

	.button[aria-pressed='true'] {
		background: var(--selected);
		border-color: var(--accent);
	}

	.button.icon {
		justify-content: center;
		padding: 0;
		width: 1.75rem;
	}

	svg.glyph {
		fill: none;
		flex: none;
		height: 1em;
		stroke: currentColor;
		stroke-linecap: round;
		stroke-linejoin: round;
		stroke-width: 1.75;
		width: 1em;
	}

	.field[aria-invalid='true'] {
		border-color: var(--error);
		outline-color: var(--error);
	}

	.muted {
		color: var(--muted);
	}

	.mono {
		font-family: var(--mono);
		font-size: 0.95em;
	}

	/* Text from the observed app: it may hold right-to-left marks and endless words. */
	.foreign {
		overflow-wrap: anywhere;
		unicode-bidi: isolate;
	}

	.visually-hidden {
		clip-path: inset(50%);
		height: 1px;
		overflow: hidden;
		position: absolute;
		white-space: nowrap;
		width: 1px;
	}
`;

/** Small coloured words: status codes, kinds, error, slow. */
export const badges = css`
	.badge {
		background: var(--neutral-soft);
		border-radius: var(--radius-s);
		color: var(--muted);
		display: inline-block;
		font-size: var(--text-s);
		font-weight: 600;
		line-height: 1.1rem;
		padding: 0 0.35rem;
		white-space: nowrap;
	}

	.badge.ok {
		background: var(--ok-soft);
		color: var(--ok);
	}

	.badge.warn {
		background: var(--warn-soft);
		color: var(--warn);
	}

	.badge.error {
		background: var(--error-soft);
		color: var(--error);
	}
`;

/** Data tables. */
export const tables = css`
	table {
		border-collapse: separate;
		border-spacing: 0;
		font-variant-numeric: tabular-nums;
		width: 100%;
	}

	th,
	td {
		border-bottom: 1px solid var(--line);
		padding: 0.3rem 0.6rem;
		text-align: left;
		vertical-align: middle;
		white-space: nowrap;
	}

	th {
		background: var(--surface);
		color: var(--muted);
		font-size: var(--text-s);
		font-weight: 600;
	}

	thead th {
		position: sticky;
		top: 0;
		z-index: 1;
	}

	.number {
		text-align: right;
	}

	tbody tr:hover {
		background: var(--hover);
	}
`;

/** Tables of numbers that can be sorted; in a narrow window each row is a card. Cells have a data-label, extra ones the class. */
export const statistics = css`
	:host {
		background: var(--surface);
		border: 1px solid var(--line);
		border-radius: var(--radius);
		display: block;
	}

	thead th {
		border-radius: var(--radius) var(--radius) 0 0;
	}

	th .sort {
		align-items: center;
		background: none;
		border: 0;
		color: inherit;
		cursor: pointer;
		display: inline-flex;
		font-weight: inherit;
		gap: 0.2rem;
		padding: 0;
	}

	th .sort:hover,
	th[aria-sort] {
		color: var(--text);
	}

	tbody th {
		background: none;
		font-size: inherit;
	}

	tbody:last-child > tr:last-child > * {
		border-bottom: 0;
	}

	.zero {
		color: var(--muted);
	}

	.bad {
		color: var(--error);
		font-weight: 600;
	}

	.share {
		background: var(--line);
		border-radius: 2px;
		display: block;
		height: 3px;
		margin-left: auto;
		margin-top: 1px;
		width: 4.5rem;
	}

	.share::before {
		background: var(--accent);
		border-radius: 2px;
		content: '';
		display: block;
		height: 100%;
		margin-left: auto;
		width: var(--share);
	}

	@media (min-width: 761px) {
		tbody th {
			max-width: 0;
		}
	}

	@media (min-width: 761px) and (max-width: 1100px) {
		.extra {
			display: none;
		}
	}

	@media (max-width: 760px) {
		table,
		tbody,
		thead {
			display: block;
		}

		thead tr {
			border-bottom: 1px solid var(--line);
			display: flex;
			flex-wrap: wrap;
			gap: 0 var(--gap-m);
			padding: 0.3rem var(--gap-s);
		}

		thead th {
			border: 0;
			padding: 0.15rem 0;
			position: static;
		}

		tbody tr {
			border-bottom: 1px solid var(--line);
			column-gap: var(--gap-s);
			display: grid;
			grid-template-columns: repeat(4, minmax(0, 1fr));
			padding: 0.4rem var(--gap-s);
		}

		tbody:last-child tr:last-child {
			border-bottom: 0;
		}

		tbody th,
		tbody td,
		tbody td.number {
			border: 0;
			padding: 0.1rem 0;
			text-align: left;
		}

		tbody th {
			grid-column: 1 / -1;
		}

		tbody td[data-label]::before {
			color: var(--muted);
			content: attr(data-label);
			display: block;
			font-size: var(--text-s);
			font-weight: 400;
		}

		.share {
			display: none;
		}
	}
`;

/** A view that is a table with tools above it. */
export const tablePage = css`
	:host {
		display: block;
		padding: var(--gap-m) var(--gap-l) var(--gap-l);
	}

	.tools {
		align-items: center;
		display: flex;
		flex-wrap: wrap;
		gap: var(--gap-s) var(--gap-m);
		margin-bottom: var(--gap-m);
	}

	.tools .field {
		width: 20rem;
	}

	apm-live-toggle {
		margin-left: auto;
	}

	.problem {
		color: var(--error);
		margin-bottom: var(--gap-s);
	}

	.stale {
		opacity: 0.8;
	}

	@media (max-width: 640px) {
		:host {
			padding: var(--gap-s) var(--gap-m) var(--gap-m);
		}

		.tools label {
			flex: 1;
		}

		.tools .field {
			width: 100%;
		}

		.since {
			order: 1;
		}
	}
`;
