import Experiments
import Foundation
import Volumes

/// A file that names the structures of label maps, and is none itself.
package enum NamesFile: Sendable {
  case experiment, labels

  /// Nil of any other.
  package init?(_ given: String) {
    let file = URL(fileURLWithPath: given)
    guard given.lowercased().hasSuffix(".json"), !VolumeList.isFolder(file) else { return nil }
    if (try? Specification.load(file)) != nil {
      self = .experiment
    } else if (try? LabelMap.read(datasetJSON: file)) != nil {
      self = .labels
    } else {
      return nil
    }
  }

  /// By which `safnet evaluate` takes it.
  package var option: String {
    switch self {
    case .experiment: "--experiment"
    case .labels: "--labels"
    }
  }

  /// What it is.
  package var words: String {
    switch self {
    case .experiment: "an experiment"
    case .labels: "a list of structures"
    }
  }
}
