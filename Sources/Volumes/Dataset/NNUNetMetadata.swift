import Foundation
import JSON

/// nnU-Net's `dataset.json`: the channels of its images, how many cases there are, and what their masks' numbers mean.
struct NNUNetMetadata {
  private let file: URL
  private var problems: [DatasetProblem] = []
  private var whole: JSONNode?
  /// The numbers of the channels that are read; the first alone where the file says nothing usable.
  private(set) var channels = [0]
  /// What the file calls them; empty where it does not.
  private(set) var channelNames: [String] = []

  /// The same of all channels, read or not.
  private(set) var allChannelNames: [String] = []

  /// Reads the file; what is wrong with it is told with the labels.
  init(_ file: URL, channels choice: ChannelChoice) {
    self.file = file
    whole = document()
    if let whole { checkImages(whole, choice) }
  }

  /// The label map; nil when the file is unusable, which is then among the problems.
  ///
  /// - Parameters:
  ///   - cases: the names of those that were found, to compare with `numTraining` and with the list of version 1.
  ///   - areLearnt: whether the structures are to learn, and may not overlap.
  func labels(
    cases names: [String], takesBare: Bool = false, areLearnt: Bool = true, problems: inout [DatasetProblem],
    notices: inout [DatasetNotice]
  ) -> LabelMap? {
    problems += self.problems
    guard let whole else { return nil }
    let (cases, lost) = (names.count, lost(from: whole, names))
    if !lost.isEmpty { notices.append(.lostCases(file: file.path, names: lost)) }
    if let claimed = whole["numTraining"], cases > 0 {
      if case .number(let number) = claimed.content, let number = Int(exactly: number) {
        if number != cases, lost.isEmpty {
          notices.append(.claimedCases(file: file.path, claimed: number, found: cases))
        }
      } else {
        notices.append(.noCount(file: file.path, shown: claimed.shown, found: cases))
      }
    }
    guard self.problems.isEmpty else { return nil }
    var reader = NNUNetLabels(file)
    let map = reader.labelMap(of: whole, takesBare: takesBare, isLearnt: areLearnt)
    problems += reader.problems
    if !reader.zeros.isEmpty { notices.append(.structureZero(file: file.path, names: reader.zeros)) }
    return map
  }

  /// Cases of the list "training", as version 1 of nnU-Net has it, that are not there; none where it names most of them
  /// otherwise.
  private func lost(from whole: JSONNode, _ names: [String]) -> [String] {
    guard case .array(let elements)? = whole["training"]?.content else { return [] }
    let listed = elements.compactMap { $0["image"]?.text ?? $0.text }.map {
      VolumeList.caseName(of: URL(fileURLWithPath: "/" + $0))
    }
    let known = Set(names)
    let lost = listed.filter { !known.contains($0) }
    return 2 * lost.count < listed.count ? lost : []
  }

  private mutating func refuse(_ field: String, _ reason: String, at node: JSONNode? = nil) {
    problems.append(.metadata(file, field, reason, at: node))
  }

  private mutating func document() -> JSONNode? {
    let data: Data
    do { data = try VolumeFolder.content(of: file) } catch {
      problems.append(error)
      return nil
    }
    do throws(JSONSyntaxError) {
      let whole = try JSONParser.parse(Array(data), origin: .file(file.path))
      if case .object = whole.content { return whole }
      let list = whole.labelsOfList.map { "; names of labels stand in one: {\"labels\": \($0)}" } ?? ""
      refuse("content", "is not a JSON object" + list, at: whole)
    } catch {
      problems.append(
        .badMetadata(
          file: "\(file.path):\(error.place.line):\(error.place.column)", field: "content", reason: error.fault.words))
    }
    return nil
  }

  /// What it says of its images: channels that are there, in files that are read.
  private mutating func checkImages(_ whole: JSONNode, _ choice: ChannelChoice) {
    let name = whole["channel_names"] == nil ? "modality" : "channel_names"
    let known = ChannelList(whole[name]?.content)
    allChannelNames = known.names ?? []
    switch known.numbers(of: choice) {
    case .success(let numbers):
      channels = numbers
      if let names = known.names { channelNames = numbers.map { names[$0] } }
    case .failure(let refusal):
      let addition = refusal.missing.map { number in
        "; if its files (NAME\(ChannelList.suffix(number)).nii.gz) are there, name it here too, as \"\(number)\": \"T1\""
      }
      refuse(name, refusal.reason + (addition ?? ""), at: whole[name])
    }
    // Some write it without the first dot.
    if let ending = whole["file_ending"]?.text, !["nii", "nii.gz"].contains(where: { ending.hasSuffix($0) }) {
      refuse("file_ending", "\(ending) is not NIfTI; convert the dataset to .nii.gz", at: whole["file_ending"])
    }
  }
}

extension LabelMap {
  /// The structures of an nnU-Net `dataset.json`, or of a file that holds its labels alone.
  package static func read(datasetJSON file: URL) throws(DatasetErrors) -> LabelMap {
    var (problems, notices): ([DatasetProblem], [DatasetNotice]) = ([], [])
    let labels = NNUNetMetadata(file, channels: .all).labels(
      cases: [], takesBare: true, problems: &problems, notices: &notices)
    guard problems.isEmpty, let labels else { throw DatasetErrors(problems) }
    return labels
  }
}
