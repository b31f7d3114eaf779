import JSON
import Text
import Volumes

extension Form where Value == DatasetPlan.Labels {
  private static var words: [String] { ["auto", "mrspineseg", "dataset.json"] }

  /// `dataset.labels`: a word, or an object of names and numbers.
  static var labels: Form {
    let map = Form<LabelMap>.written
    return Form(
      schema: { _ in
        ["anyOf": [["enum": .array(words.map { .string($0) })], map.schema(nil)], "default": "auto"]
      },
      read: { input, _, errors in
        switch input.node.content {
        case .string("auto"): return .automatic
        case .string("mrspineseg"): return .mrSpineSeg
        case .string("dataset.json"): return .datasetFile
        case .object: return map.read(input, nil, &errors).map { .map($0) }
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
        case .automatic: "auto"
        case .mrSpineSeg: "mrspineseg"
        case .datasetFile: "dataset.json"
        case .map(let labels): map.write(labels)
        }
      })
  }
}

extension Form where Value == LabelMap {
  /// As an experiment names its structures: `{"L": [1, 2, 3], "S": 6, "background": [7], "ignore": 8}`.
  ///
  /// A structure of several numbers is the union of their voxels, and predicted masks hold the first. `background` names
  /// numbers that are left out, `ignore` the number of voxels that nobody has annotated.
  package static var written: Form {
    let number = Form<Int>.integer(1...Int.max)
    let several = Form<[Int]>.list(ofDistinct: number, count: 1...10_000)
    let background = Form<[Int]>.list(of: .integer(0...Int.max), count: 0...10_000)
    let meaning =
      "structure name and its number in the mask, or a list of numbers to merge, the first of which is written;"
      + " background: numbers left out; ignore: the number of voxels that nobody has annotated"
    return Form(
      schema: { _ in
        [
          "type": "object", "description": .string(meaning),
          "properties": [
            "background": ["anyOf": [Form<Int>.integer(0...Int.max).schema(nil), background.schema(nil)]],
            "ignore": number.schema(nil),
          ],
          "additionalProperties": ["anyOf": [number.schema(nil), several.schema(nil)]],
        ]
      },
      read: { input, _, errors in
        guard case .object(let members) = input.node.content else { return nil }
        var map = LabelMap(structures: [])
        let before = errors.count
        for member in members {
          let own = Input(member.node, input.path / member.key)
          switch member.key.lowercased() {
          case "background":
            let left = Form.numbers(own, background, .integer(0...Int.max), &errors)
            map.background += (left ?? []).filter { $0 != 0 }
          case "ignore": map.ignore = number.read(own, nil, &errors)
          case let key where Int(key) != nil && own.node.text.map { Int($0) == nil } == true:
            let right = "{\(CanonicalJSON.quoted(own.node.text ?? "")): \(key)}"
            errors.append(own.error(.broken(rule: "a structure's name stands first, then its number: write \(right)")))
          default:
            guard let values = Form.numbers(own, several, number, &errors), let first = values.first else { continue }
            map.structures.append(.init(name: member.key, value: first, others: Array(values.dropFirst())))
          }
        }
        guard errors.count == before else { return nil }
        if map.structures.isEmpty {
          let only = members.isEmpty ? "" : ", and what is left out or ignored is not learnt"
          let right = "write its name and its number, such as {\"L5\": 1, \"L4\": 2}"
          errors.append(input.error(.broken(rule: "no structure is named\(only); \(right)")))
        } else {
          errors += map.problems.map { input.error(.broken(rule: "\($0); correct the label map")) }
        }
        return map
      },
      write: { map in
        let structures = map.structures.map { one in
          (one.name, one.others.isEmpty ? number.write(one.value) : several.write(one.values))
        }
        let left = map.background.filter { $0 != 0 }
        let special: [(String, JSONValue?)] = [
          ("background", left.isEmpty ? nil : background.write(left)), ("ignore", map.ignore.flatMap(number.write)),
        ]
        return .object((structures + special).compactMap { pair in pair.1.map { (pair.0, $0) } })
      })
  }

  /// One number, or a list of them.
  private static func numbers(
    _ input: Input, _ list: Form<[Int]>, _ number: Form<Int>, _ errors: inout [JSONError]
  ) -> [Int]? {
    if case .array = input.node.content { return list.read(input, nil, &errors) }
    if let listed = input.node.numbersInText {
      errors.append(input.error(input.wrongType("a number, or a list of them: write \(listed)")))
      return nil
    }
    return number.read(input, nil, &errors).map { [$0] }
  }
}
