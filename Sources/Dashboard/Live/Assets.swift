import Foundation

/// The page: its files are part of the program, and the only ones there are.
enum Assets {
  static let all: [String: Document] = [
    "/": Document(.html, Data(PackageResources.index_html)),
    "/style.css": Document(.css, Data(PackageResources.style_css)),
    "/main.js": Document(.script, Data(PackageResources.main_js)),
    "/dom.js": Document(.script, Data(PackageResources.dom_js)),
    "/format.js": Document(.script, Data(PackageResources.format_js)),
    "/sweep.js": Document(.script, Data(PackageResources.sweep_js)),
    "/tables.js": Document(.script, Data(PackageResources.tables_js)),
    "/run.js": Document(.script, Data(PackageResources.run_js)),
    "/chart.js": Document(.script, Data(PackageResources.chart_js)),
    "/compare.js": Document(.script, Data(PackageResources.compare_js)),
    "/cases.js": Document(.script, Data(PackageResources.cases_js)),
    "/favicon.ico": Document(.image, Data(PackageResources.icon_svg)),
  ]
}
