import Foundation

/// nnU-Net's `dataset.json`: one channel, labels by name (version 2) or by number (version 1), background 0.
enum NNUNetMetadata {
  /// The label map; nil when the file is unusable, which is then among the problems.
  ///
  /// - Parameter cases: how many were found, to compare with `numTraining`.
  static func read(_ file: URL, cases: Int, problems: inout [DatasetProblem]) -> LabelMap? {
    func refuse(_ field: String, _ reason: String) -> LabelMap? {
      problems.append(.badMetadata(file: file.path, field: field, reason: reason))
      return nil
    }
    let data: Data
    do { data = try VolumeFolder.content(of: file) } catch {
      problems.append(error)
      return nil
    }
    guard let whole = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      return refuse("content", "is not a JSON object")
    }
    let channels = (whole["channel_names"] ?? whole["modality"]) as? [String: Any]
    if let channels, channels.count != 1 {
      return refuse("channel_names", "\(channels.count) channels; images of one channel are read")
    }
    if let ending = whole["file_ending"] as? String, !ending.hasSuffix(".nii"), !ending.hasSuffix(".nii.gz") {
      return refuse("file_ending", "\(ending) is not NIfTI; convert the dataset to .nii.gz")
    }
    if let count = whole["numTraining"] as? Int, cases > 0, count != cases {
      _ = refuse("numTraining", "is \(count), but \(cases) images with masks are here; correct it or add the missing")
    }
    guard let labels = whole["labels"] as? [String: Any], let map = map(labels) else {
      return refuse("labels", "is not an object of names and whole numbers, such as {\"background\": 0, \"L1\": 1}")
    }
    if let problem = map.problems.first { return refuse("labels", problem) }
    return map
  }

  private static func map(_ labels: [String: Any]) -> LabelMap? {
    var structures: [LabelMap.Structure] = []
    for (key, value) in labels {
      // Version 1 has it the other way round: {"0": "background"}.
      if let number = value as? Int {
        structures.append(.init(name: key, value: number))
      } else if let name = value as? String, let number = Int(key) {
        structures.append(.init(name: name, value: number))
      } else {
        return nil
      }
    }
    structures.removeAll { $0.value == 0 }
    return LabelMap(structures: structures.sorted { ($0.value, $0.name) < ($1.value, $1.name) })
  }
}
