import Foundation

/// A folder in MRSpineSeg's layout, as phantoms are written, laid out in the other ways that datasets come in.
package struct PhantomLayouts {
  private let source: URL
  private let target: TemporaryFolder

  /// - Parameter source: holds `MR/CaseN.nii.gz` and `Mask/mask_caseN.nii.gz`.
  package init(_ source: URL, in target: TemporaryFolder) { (self.source, self.target) = (source, target) }

  private func numbers() throws -> [Int] {
    try FileManager.default.contentsOfDirectory(atPath: source.appending(path: "MR").path)
      .compactMap { Int($0.dropFirst("Case".count).dropLast(".nii.gz".count)) }.sorted()
  }

  private func copy(_ number: Int, image: String, mask: String) throws {
    for (from, to) in [("MR/Case\(number).nii.gz", image), ("Mask/mask_case\(number).nii.gz", mask)] {
      let file = target.file(to)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: source.appending(path: from), to: file)
    }
  }

  /// nnU-Net's: `labels` is the JSON of that member of `dataset.json`.
  @discardableResult
  package func nnUNet(_ name: String, labels: String) throws -> URL {
    let numbers = try numbers()
    for number in numbers {
      try copy(
        number, image: "\(name)/imagesTr/case\(number)_0000.nii.gz", mask: "\(name)/labelsTr/case\(number).nii.gz")
    }
    try target.write(
      "\(name)/dataset.json",
      #"{"channel_names": {"0": "T2"}, "labels": \#(labels), "numTraining": \#(numbers.count), "file_ending": ".nii.gz"}"#
    )
    return target.file(name)
  }

  /// BIDS: two sessions of each subject, as far as there are images, and a table of names where one is given.
  @discardableResult
  package func bids(_ name: String, table: String? = nil) throws -> URL {
    for number in try numbers() {
      let (subject, session) = ("sub-\((number + 1) / 2)", "ses-\(number % 2 == 1 ? "a" : "b")")
      let stem = "\(subject)/\(session)/anat/\(subject)_\(session)"
      try copy(
        number, image: "\(name)/\(stem)_T2w.nii.gz", mask: "\(name)/derivatives/manual/\(stem)_desc-manual_dseg.nii.gz")
    }
    try target.write("\(name)/dataset_description.json", #"{"Name": "phantom", "BIDSVersion": "1.10.0"}"#)
    if let table { try target.write("\(name)/derivatives/manual/dseg.tsv", table) }
    return target.file(name)
  }

  /// A manifest with a column of patients, two cases each, and one of sites.
  @discardableResult
  package func manifest(_ name: String) throws -> URL {
    let rows = try numbers().map { number in
      "case\(number),\(source.path)/MR/Case\(number).nii.gz,\(source.path)/Mask/mask_case\(number).nii.gz,"
        + "p\((number + 1) / 2),\(number % 3 == 0 ? "north" : "south")\n"
    }
    return try target.write(name, "case,image,label,patient,site\n" + rows.joined())
  }
}
