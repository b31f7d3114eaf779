import Foundation

/// The page of a report and of the dashboard, which is one: its files are part of the program, and the only ones there are.
package enum PageFiles {
  /// By the addresses under which a server has them.
  package static let all: [String: Data] = [
    "/": Data(PackageResources.index_html),
    "/style.css": Data(PackageResources.style_css),
    "/main.js": Data(PackageResources.main_js),
    "/live.js": Data(PackageResources.live_js),
    "/stored.js": Data(PackageResources.stored_js),
    "/dom.js": Data(PackageResources.dom_js),
    "/format.js": Data(PackageResources.format_js),
    "/sweep.js": Data(PackageResources.sweep_js),
    "/tables.js": Data(PackageResources.tables_js),
    "/run.js": Data(PackageResources.run_js),
    "/chart.js": Data(PackageResources.chart_js),
    "/compare.js": Data(PackageResources.compare_js),
    "/cases.js": Data(PackageResources.cases_js),
    "/favicon.ico": Data(PackageResources.icon_svg),
  ]

  /// Empty where there is no such file.
  static func text(_ address: String) -> String { String(decoding: all[address] ?? Data(), as: UTF8.self) }
}
