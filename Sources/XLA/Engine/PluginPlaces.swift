import Foundation

/// Where PJRT plugins lie on this machine.
package struct PluginPlaces: Sendable, Equatable {
  /// The variable that names one plugin's file and ends the search.
  package static let variable = "SAFNET_PJRT_PLUGIN"

  /// Files that were found, those for cards first.
  package let files: [String]

  /// Looks where `SAFNET_PJRT_PLUGIN` says, else in the packages of the active virtual environment.
  package init(environment: [String: String]) {
    if let named = environment[Self.variable], !named.isEmpty {
      files = [named]
      return
    }
    guard let root = environment["VIRTUAL_ENV"], !root.isEmpty else {
      files = []
      return
    }
    let lib = URL(fileURLWithPath: root, isDirectory: true).appendingPathComponent("lib", isDirectory: true)
    let packages = Self.names(lib).filter { $0.hasPrefix("python") }.flatMap { python in
      let site = lib.appendingPathComponent(python).appendingPathComponent("site-packages", isDirectory: true)
      return Self.names(site).map { site.appendingPathComponent($0, isDirectory: true) }
        + Self.names(site.appendingPathComponent("jax_plugins")).map {
          site.appendingPathComponent("jax_plugins").appendingPathComponent($0, isDirectory: true)
        }
    }
    let found = packages.flatMap { folder in
      Self.names(folder).filter(Self.isPlugin).map { folder.appendingPathComponent($0).path }
    }
    files = found.filter { !$0.hasSuffix(Self.processorSuffix) } + found.filter { $0.hasSuffix(Self.processorSuffix) }
  }

  /// XLA for the processor, which is slow: for tests.
  private static let processorSuffix = "cpu_plugin.so"

  /// `xla_cuda_plugin.so`, `xla_rocm_plugin.so`, `pjrt_c_api_cpu_plugin.so`, ...
  private static func isPlugin(_ name: String) -> Bool {
    name.hasSuffix("_plugin.so") && (name.hasPrefix("xla_") || name.hasPrefix("pjrt_c_api_"))
  }

  private static func names(_ folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  /// What to do where none was found, in words that end a sentence.
  package static let remedy =
    "pip install jax-cuda13-pjrt, with its CUDA wheels, into a virtual environment and activate it, or set "
    + "\(variable) to a plugin's .so file"
}
