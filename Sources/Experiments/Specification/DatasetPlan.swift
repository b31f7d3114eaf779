import Foundation
import JSON
import System
import Text
import Volumes

/// Where the images are and what their masks mean.
package struct DatasetPlan: Sendable, Equatable {
  /// The structures to learn.
  package enum Labels: Sendable, Equatable {
    /// MRSpineSeg's, as the paper uses them.
    case mrSpineSeg
    /// As the folder's `dataset.json` says.
    case datasetFile
    /// Named in the experiment, with their numbers in a mask.
    case map(LabelMap)
  }

  /// The dataset's folder, as it was written.
  package var path = WrittenPath()
  /// How the folder is laid out; `auto` finds out.
  package var layout = DatasetLayout.automatic
  /// Which structures are learnt, and which numbers in a mask they are.
  package var labels = Labels.mrSpineSeg
  /// A made-up dataset that is written to `path` when nothing is there; nil: the folder must be there.
  package var phantom: Phantom?

  /// MRSpineSeg's structures in a folder yet to be named.
  package init() {}

  /// The structures, when they are known without opening the dataset.
  package var knownLabels: LabelMap? {
    switch labels {
    case .mrSpineSeg: .mrSpineSeg
    case .datasetFile: nil
    case .map(let map): map
    }
  }
}

/// A path as someone wrote it: relative to the file it stands in, or, after `--set`, to the working directory.
package struct WrittenPath: Sendable, Equatable {
  /// As it was written.
  package var text = ""
  /// The file or the option that it was written in.
  package var origin = SourcePlace.Origin.option("")

  /// The empty path, of no file.
  package init() {}

  /// The absolute path that is meant.
  ///
  /// - Parameter workingDirectory: what paths of options, and files, are relative to.
  package func url(workingDirectory: URL) -> URL {
    switch origin {
    case .option: return URL(fileURLWithPath: text, relativeTo: workingDirectory).absoluteURL.physicalFileURL
    case .file(let file):
      let folder = URL(fileURLWithPath: file, relativeTo: workingDirectory).deletingLastPathComponent()
      return URL(fileURLWithPath: text, relativeTo: folder).absoluteURL.physicalFileURL
    }
  }
}

extension DatasetPlan {
  static var form: Form<DatasetPlan> {
    .record(
      "The images and their masks", DatasetPlan(),
      [
        Field(
          "path", \.path, .path, required: true,
          "The dataset's folder; relative to this file, or with --set to the working directory"),
        Field("layout", \.layout, .choice(), "How the folder is laid out"),
        Field(
          "labels", \.labels, .labels,
          "The structures: mrspineseg, dataset.json, or an object of name and number in the mask"),
        Field(
          "phantom", \.phantom, .optional(Phantom.form), "Write this made-up dataset to path when nothing is there"),
      ])
  }
}

extension Form where Value == WrittenPath {
  static var path: Form {
    Form(
      schema: { _ in Form<String>.text.schema(nil) },
      read: { input, _, errors in
        Form<String>.text.read(input, nil, &errors).map { text in
          var path = WrittenPath()
          (path.text, path.origin) = (text, input.node.place.origin)
          return path
        }
      },
      write: { .string($0.text) })
  }
}

extension Form where Value == DatasetPlan.Labels {
  static var labels: Form {
    let words = ["mrspineseg", "dataset.json"]
    let map = Form<[(String, Int)]>.dictionary(
      of: .integer(1...Int.max), keys: "structure name and its number in the mask")
    return Form(
      schema: { _ in
        ["anyOf": [["enum": .array(words.map { .string($0) })], map.schema(nil)], "default": "mrspineseg"]
      },
      read: { input, _, errors in
        switch input.node.content {
        case .string("mrspineseg"): return .mrSpineSeg
        case .string("dataset.json"): return .datasetFile
        case .object:
          guard let pairs = map.read(input, nil, &errors) else { return nil }
          let labels = LabelMap(structures: pairs.map { LabelMap.Structure(name: $0.0, value: $0.1) })
          errors += labels.problems.map { input.error(.broken(rule: "\($0); correct the label map")) }
          return .map(labels)
        case .string(let found):
          let allowed = words + ["an object of names and numbers in the mask"]
          errors.append(
            input.error(.notOneOf(found: found, allowed: allowed, nearest: found.nearest(in: words))))
        default: errors.append(input.error(input.wrongType("\(words.quotedList), or an object of names and numbers")))
        }
        return nil
      },
      write: { labels in
        switch labels {
        case .mrSpineSeg: "mrspineseg"
        case .datasetFile: "dataset.json"
        case .map(let labels): map.write(labels.structures.map { ($0.name, $0.value) })
        }
      })
  }
}
