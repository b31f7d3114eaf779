import Foundation
import Models
import System

/// The network that a benchmark is told by its kind, or by a JSON file with its configuration.
package enum BenchmarkModel {
  /// Why a word on the command line is no model.
  package enum Failure: Error, Equatable, CustomStringConvertible {
    /// Neither a kind nor a file.
    case unknown(String)
    /// A file that does not hold a network.
    case notAConfiguration(file: String)
    /// A file whose network has a property that cannot be what it is.
    case unsound(file: String, field: String, rule: String)

    /// One line that names file, field and remedy.
    package var description: String {
      switch self {
      case .unknown(let name):
        "'\(name)' is neither a file nor one of "
          + NetworkRegistry.standard.kinds.joined(separator: ", ")
      case .notAConfiguration(let file):
        "\(file) is not the JSON of a model's configuration, such as {\"kind\": \"unet3d\"}"
      case .unsound(let file, let field, let rule): "\(file): \(field) \(rule)"
      }
    }
  }

  /// The model of a registered kind, or that of a JSON file.
  ///
  /// - Throws: `Failure` where it is neither.
  package static func named(_ name: String) throws(Failure) -> ModelConfiguration {
    if let standard = NetworkRegistry.standard.model(name) { return standard }
    guard FileManager.default.fileExists(atPath: name) else { throw .unknown(name) }
    guard let data = try? RegularFile.read(URL(fileURLWithPath: name), limit: 1 << 20),
      let configuration = try? JSONDecoder().decode(ModelConfiguration.self, from: data)
    else { throw .notAConfiguration(file: name) }
    if let problem = configuration.problems.first {
      throw .unsound(file: name, field: problem.field, rule: problem.rule)
    }
    return configuration
  }
}
