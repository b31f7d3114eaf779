import Foundation

/// How a dataset's folder is laid out.
package enum DatasetLayout: String, Codable, Hashable, Sendable, CaseIterable {
  /// Whichever of the others the folder's content shows.
  case automatic = "auto"
  /// `MR/CaseN.nii.gz` and `Mask/mask_caseN.nii.gz`.
  case mrSpineSeg = "mrspineseg"
  /// `dataset.json`, `imagesTr/NAME_0000.nii.gz`, `labelsTr/NAME.nii.gz`.
  case nnUNet = "nnunet"
  /// A CSV file with the columns case, image, label and, when patients have several cases, patient.
  case manifest
  /// `sub-01/anat/sub-01_T2w.nii.gz` with masks `*_dseg.nii.gz` below `derivatives`; subjects are patients.
  case bids
}

/// One image, of one channel or several, and its mask.
package struct DatasetCase: Hashable, Sendable {
  package var name: String
  /// Of the first channel that is read.
  package var image: URL
  /// Of the other channels, in the experiment's order.
  package var further: [URL] = []
  package var label: URL
  /// Cases of one patient stay in one part of the folds; nil: this case's patient has no other.
  package var patient: String?
  /// What else a table says of it, by column in small letters: site, scanner, sex...
  package var attributes: [String: String]
  /// The line of the table that lists it; nil: none does.
  package var line: Int?

  package init(name: String, image: URL, label: URL, patient: String? = nil, attributes: [String: String] = [:]) {
    (self.name, self.image, self.label) = (name, image, label)
    (self.patient, self.attributes) = (patient, attributes)
  }

  /// The files of all channels.
  package var images: [URL] { [image] + further }

  /// What a column says of it; nil where nothing stands there.
  package func value(of column: String) -> String? { column == "patient" ? patient : attributes[column] }
}

/// A case that an experiment takes out, and why.
package struct ExcludedCase: Codable, Hashable, Sendable {
  package var name: String
  package var reason: String

  package init(name: String, reason: String) { (self.name, self.reason) = (name, reason) }
}

/// A folder of images with masks, listed but not yet read.
package struct Dataset: Sendable {
  package var root: URL
  /// The layout found; never `automatic`.
  package var layout: DatasetLayout
  /// In natural order: Case2 before Case10.
  package var cases: [DatasetCase]
  /// From `dataset.json`, or BIDS's `dseg.tsv`; the other layouts do not name their structures.
  package var labels: LabelMap?
  /// From `splits_final.json`.
  package var givenSplits: [Split]?
  /// From `splits_final.json` too: what each fold names under `test`; nil where that is no list of names.
  package var givenTests: [[String]?] = []
  /// Volumes that are there, in cases or not.
  package var found: Found
  /// The numbers of the channels that are read, in the order of the network's input.
  package var channels = [0]
  /// What the dataset calls them; empty where it does not.
  package var channelNames: [String] = []
  /// What no case is made of, and what is surely not meant.
  package var notices: [DatasetNotice]
  /// Cases that an experiment takes out, each with its reason: in no training, no validation and no score.
  package var excluded: [ExcludedCase] = []

  package struct Found: Hashable, Sendable {
    package var images: Int
    package var masks: Int

    package init(images: Int, masks: Int) { (self.images, self.masks) = (images, masks) }

    init(_ images: VolumeFolder, _ masks: VolumeFolder) { self.init(images: images.found, masks: masks.found) }
  }

  /// - Parameter found: nil: what the cases hold.
  package init(
    root: URL, layout: DatasetLayout, cases: [DatasetCase], labels: LabelMap? = nil, givenSplits: [Split]? = nil,
    found: Found? = nil, notices: [DatasetNotice] = []
  ) {
    self.found = found ?? Found(images: cases.count, masks: cases.count)
    self.notices = notices
    self.root = root
    self.layout = layout
    self.cases = cases
    self.labels = labels
    self.givenSplits = givenSplits
  }

  /// Where its splits stand, if it has any.
  package var splitsFile: URL { splitsFolder.appendingPathComponent(SplitsFile.name) }
  /// The dataset's folder, or that of its manifest.
  var splitsFolder: URL { layout == .manifest ? root.deletingLastPathComponent() : root }

  package var names: [String] { cases.map(\.name) }
  /// What its masks' numbers mean, by its own files or by its layout; nil where nothing says it.
  package var ownLabels: LabelMap? { labels ?? (layout == .mrSpineSeg ? .mrSpineSeg : nil) }
  /// The names of the cases that are taken out.
  package var excludedNames: Set<String> { Set(excluded.map(\.name)) }
  /// The columns that say something of any case, in order.
  package var columns: [String] {
    (cases.contains { $0.patient != nil } ? ["patient"] : []) + Set(cases.flatMap(\.attributes.keys)).sorted()
  }
  /// Case name to patient, for those that have one.
  package var patients: [String: String] {
    Dictionary(uniqueKeysWithValues: cases.compactMap { one in one.patient.map { (one.name, $0) } })
  }
}
