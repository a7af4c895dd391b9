internal import Plotting

/// The look of a page, in the colors of its themes.
struct PageStyle {
  /// Rules as a browser reads them.
  let text: String

  init(_ look: ReportLook) {
    let first = look.themes[0]
    let dark = look.themes.dropFirst().first.map { theme in
      """
      @media screen and (prefers-color-scheme: dark) {
        :root { \(Self.colors(theme)) }
        .light { display: none; }
        .dark { display: block; }
      }
      """
    }
    text = ":root { \(Self.colors(first)) }\n" + Self.rules + "\n" + (dark ?? "") + Self.print
  }

  private static func colors(_ theme: Theme) -> String {
    let palette = theme.palette
    let scheme = theme == .synthwave ? "dark" : "light"
    return "color-scheme: \(scheme); --paper: \(palette.background.hex); "
      + "--ink: \(palette.text.hex); --quiet: \(palette.secondaryText.hex); "
      + "--line: \(palette.grid.hex); --accent: \(palette.series[0].hex); "
      + "--shade: color-mix(in srgb, \(palette.text.hex) 35%, transparent);"
  }

  private static let rules = """
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
    body {
      margin: 0 auto; max-width: 62rem; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 4rem;
      background: var(--paper); color: var(--ink);
      font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
      overflow-wrap: anywhere;
    }
    h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
    h1 { font-size: clamp(1.5rem, 5vw, 2.1rem); margin: 0.5rem 0; }
    h2 { font-size: 1.35rem; margin: 3.2rem 0 0.8rem; padding-top: 0.9rem;
      border-top: 1px solid var(--line); }
    h3 { font-size: 1.05rem; margin: 1.8rem 0 0.3rem; }
    p { margin: 0.5rem 0; max-width: 46rem; }
    a { color: var(--ink); text-underline-offset: 0.2em; }
    a:focus-visible, summary:focus-visible, .scroll:focus-visible {
      outline: 3px solid var(--accent); outline-offset: 2px; }
    .skip { position: absolute; left: -99rem; }
    .skip:focus { position: static; }
    .lead { font-size: 1.2rem; }
    .quiet, caption, figcaption p, dt, nav { color: var(--quiet); }
    nav ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1.3rem; list-style: none;
      padding: 0; margin: 1.2rem 0 0; }
    nav a { color: inherit; display: inline-block; padding: 0.2rem 0; }
    .numbers { display: grid; gap: 1.1rem 2rem; margin: 1.5rem 0;
      grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); }
    .numbers dt { font-size: 0.9rem; }
    .numbers dd { margin: 0; }
    .numbers strong { display: block; font-size: 1.75rem; line-height: 1.2; font-weight: 650; }
    figure { margin: 1.5rem 0 2.2rem; }
    figcaption h3 { margin-top: 0; }
    .scroll { overflow-x: auto; position: relative;
      /* A shadow at each edge, which the end of the content covers. */
      background: linear-gradient(to right, var(--paper) 40%, transparent) left / 3rem 100%,
        linear-gradient(to left, var(--paper) 40%, transparent) right / 3rem 100%,
        linear-gradient(to right, var(--shade), transparent) left / 0.9rem 100%,
        linear-gradient(to left, var(--shade), transparent) right / 0.9rem 100%;
      background-repeat: no-repeat; background-attachment: local, local, scroll, scroll; }
    .value.near { stroke: var(--ink); stroke-width: 2; }
    .tip { position: absolute; z-index: 1; max-width: 20rem; padding: 0.25rem 0.6rem;
      border-radius: 0.3rem; background: var(--ink); color: var(--paper); font-size: 0.9rem;
      pointer-events: none; font-variant-numeric: tabular-nums; }
    .chart svg { display: block; width: 100%; min-width: 34rem; height: auto; }
    .large svg { min-width: 60rem; }
    .narrow { display: none; }
    @media screen and (max-width: 36rem) {
      .broad { display: none; }
      .narrow { display: block; }
      .narrow svg { min-width: 0; }
    }
    .dark { display: none; }
    table { border-collapse: collapse; font-size: 0.93rem; font-variant-numeric: tabular-nums;
      margin: 0.6rem 0; overflow-wrap: normal; }
    caption { text-align: start; padding-bottom: 0.35rem; }
    th, td { padding: 0.32rem 1.1rem 0.32rem 0; text-align: start; vertical-align: top;
      border-bottom: 1px solid var(--line); }
    thead th { color: var(--quiet); vertical-align: bottom; }
    th { font-weight: 600; }
    tbody th { font-weight: 400; }
    tbody tr:hover { background: color-mix(in srgb, var(--accent) 9%, transparent); }
    .text { max-width: 28rem; min-width: 6rem; overflow-wrap: anywhere; }
    tbody th.text { min-width: 7.5rem; }
    .number { text-align: end; white-space: nowrap; }
    td.phrase { min-width: 5.5rem; }
    th.number, th.phrase { white-space: normal; overflow-wrap: break-word; min-width: 4.5rem;
      max-width: 9rem; }
    @media (max-width: 30rem) {
      table { font-size: 0.86rem; }
      th, td { padding-right: 0.5rem; }
      .text, td.phrase { min-width: 4.5rem; }
      tbody th.text { min-width: 5.5rem; }
      th.number, th.phrase { min-width: 0; }
    }
    details { margin: 0.8rem 0; }
    summary { cursor: pointer; padding: 0.3rem 0; }
    pre { overflow-x: auto; padding: 0.8rem 1rem; border: 1px solid var(--line);
      border-radius: 0.4rem; font-size: 0.9rem; white-space: pre-wrap; }
    code, .hash { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace;
      font-size: 0.85em; overflow-wrap: anywhere; }
    .images { display: grid; gap: 1.2rem 1rem; padding: 0; margin: 1rem 0; list-style: none;
      grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); }
    .images img { display: block; width: 100%; max-width: 10rem; height: auto;
      border-radius: 0.3rem; margin-bottom: 0.35rem; }
    .images li { font-size: 0.88rem; line-height: 1.35; }
    .images .quiet { display: block; font-size: 0.8rem; }
    footer { margin-top: 3.5rem; color: var(--quiet); font-size: 0.9rem; }
    """

  private static let print = """

    @media print {
      @page { margin: 15mm; }
      body { max-width: none; padding: 0; font-size: 10pt; }
      nav, .skip, .tip { display: none; }
      .scroll { overflow: visible; background: none; }
      .chart svg { min-width: 0; max-height: 10.5cm; }
      .large svg { max-height: 22cm; }
      table { font-size: 8.5pt; }
      table .text, table .number, table .phrase, tbody th.text { min-width: 0;
        white-space: normal; overflow-wrap: anywhere; padding-right: 0.5rem; }
      h2 { break-after: avoid; margin-top: 1.5rem; }
      h3, summary, caption { break-after: avoid; }
      figure, .images li, tr, .numbers, pre { break-inside: avoid; }
      thead { display: table-header-group; }
    }
    """
}
