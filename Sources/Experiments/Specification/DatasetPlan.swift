import Foundation
import JSON
import System
import Text
import Volumes

/// Where the images are and what their masks mean.
package struct DatasetPlan: Sendable, Equatable {
  /// The structures to learn.
  package enum Labels: Sendable, Equatable {
    /// As the folder's `dataset.json` says where there is one, MRSpineSeg's in its own layout.
    case automatic
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
  /// Which channels are read; nil: nobody says, and images have one.
  package var channels: [ChannelName]?
  /// Which structures are learnt, and which numbers in a mask they are.
  package var labels = Labels.automatic
  /// A made-up dataset that is written to `path` when nothing is there; nil: the folder must be there.
  package var phantom: Phantom?
  /// Cases that are taken out, each with its reason.
  package var exclude: [ExcludedCase] = []
  /// What else is known of the cases: whose they are, and where they come from.
  package var groups: GroupsPlan?

  /// The dataset's own structures, in a folder yet to be named.
  package init() {}

  /// The same as the dataset is opened with.
  package var channelChoice: ChannelChoice { channels.map { .these($0) } ?? .unsaid }

  /// The structures, when they are known without opening the dataset.
  package var knownLabels: LabelMap? {
    switch labels {
    // A phantom is written as MRSpineSeg is.
    case .automatic: layout == .mrSpineSeg || (phantom != nil && layout == .automatic) ? .mrSpineSeg : nil
    case .mrSpineSeg: .mrSpineSeg
    case .datasetFile: nil
    case .map(let map): map
    }
  }

  /// Whether the experiment says itself which structures there are, whatever the dataset names.
  var namesLabels: Bool {
    if case .map = labels { true } else { false }
  }

  /// What is planned with where nothing is known of the dataset yet, not even that it is there.
  package var assumedLabels: LabelMap? {
    knownLabels ?? (labels == .automatic && layout == .automatic ? .mrSpineSeg : nil)
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
          "channels", \.channels, .optional(.list(of: .channel, count: 1...ChannelName.most), none: nil),
          absentMeans: nil,
          "Channels of nnU-Net's layout, or of a manifest, that the networks see, each normalised by itself: numbers (1 is"
            + " NAME_0001), or names (dataset.json's channel_names, or T2 of a column image:T2). Absent: channel 0 of images"
            + " that have one"),
        Field(
          "labels", \.labels, .labels,
          "The structures: an object of name and number in the mask, or a list of numbers to merge; dataset.json;"
            + " mrspineseg; auto: dataset.json where there is one, MRSpineSeg's in its own layout"),
        Field(
          "phantom", \.phantom, .optional(Phantom.form), "Write this made-up dataset to path when nothing is there"),
        Field(
          "exclude", \.exclude, .list(of: ExcludedCase.form, count: 0...100_000), absentMeans: [],
          "Cases to take out, each with its reason; the others stay in their folds"),
        Field(
          "groups", \.groups, .optional(GroupsPlan.form), absentMeans: nil,
          "Patients, sites and other properties of the cases, for folds that respect them"),
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
