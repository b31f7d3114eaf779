import Experiments
import Foundation
import JSON
import Store
import System
import Training
import Volumes

/// `predictions.json` of a folder of label maps: of each, by which networks, how and from which image it was made.
///
/// A case's entry is written before its label map takes its place. An entry without a map is then work that was
/// interrupted, and a map with an entry was made as the entry says; a map without one is somebody else's.
package struct PredictionRecord: Codable, Equatable {
  package static let name = FoldersInside.record
  package static let currentFormat = 1

  /// How label maps were made.
  package struct Method: Codable, Equatable {
    package var networks: [NetworkSource]
    package var options: Predictor.Options
    /// Which program and hardware computed first; another may round otherwise, and is not held against a map.
    package var program: String
    package var hardware: String
    package var numerics: NumericsVersion?

    /// Whether both make the same label maps: the weights and the options decide, whatever the runs are called.
    func makesTheSame(as other: Method) -> Bool {
      networks.map { [$0.plan, $0.weights] } == other.networks.map { [$0.plan, $0.weights] }
        && options.mirror == other.options.mirror && options.levels == other.options.levels
        && Set(options.largestOnly) == Set(other.options.largestOnly)
    }
  }

  package struct Entry: Codable, Equatable {
    /// As it was given, for people; of several channels the first one's file.
    package var image: String
    /// SHA-256 of the image's file; of several channels all of them in order, with pluses between.
    package var content: String
    /// Its method's place in the list.
    package var method: Int
    /// The files of the other channels; nil where there are none, and in records of programs that did not name them.
    package var further: [Channel]?
    /// SHA-256 of the label map as it was written; nil until it is, and in records of programs that did not keep it.
    package var labels: String?
  }

  /// A further channel's file, and its SHA-256.
  package struct Channel: Codable, Equatable {
    package var image: String
    package var content: String
  }

  package var format = PredictionRecord.currentFormat
  package var methods: [Method] = []
  /// By case.
  package var cases: [String: Entry] = [:]

  package init() {}

  /// Whether a case's label map, if it is there, is what this method makes of this content.
  package func holds(_ name: String, content: String, by method: Method) -> Bool {
    guard let entry = cases[name], entry.content == content, methods.indices.contains(entry.method) else {
      return false
    }
    return methods[entry.method].makesTheSame(as: method)
  }

  /// - Parameter contents: the hash of each of its files.
  package mutating func add(_ name: String, images: [String], contents: [String], by method: Method) {
    let known = methods.firstIndex { $0.makesTheSame(as: method) }
    if known == nil { methods.append(method) }
    let further = zip(images, contents).dropFirst().map { Channel(image: $0, content: $1) }
    cases[name] = Entry(
      image: images[0], content: contents.joined(separator: "+"), method: known ?? methods.count - 1,
      further: further.isEmpty ? nil : further)
  }

  /// Empty where there is none.
  package init(reading folder: URL) throws {
    let file = folder.appendingPathComponent(Self.name)
    let data: Data
    do throws(RegularFile.Refusal) {
      data = try RegularFile.read(file, limit: 1 << 28)
    } catch {
      let link = DeadLink(at: file)
      if error == .system(code: ENOENT), link == nil {
        self.init()
        return
      }
      throw Unreadable(file: file.path, reason: link?.words(of: file.path) ?? error.reason)
    }
    do { self = try JSONDecoder().decode(Self.self, from: data) } catch {
      throw Unreadable(file: file.path, reason: "it is not what this program writes")
    }
    guard format <= Self.currentFormat else {
      throw Unreadable(file: file.path, reason: "it is of a later program, format \(format)")
    }
  }

  package func write(to folder: URL) throws {
    try AtomicFile.write(try IndentedJSON.data(self) + Data("\n".utf8), to: folder.appendingPathComponent(Self.name))
  }

  package struct Unreadable: Error, Equatable, CustomStringConvertible {
    package let file: String
    package let reason: String
    package var description: String {
      "\(file): \(reason). Without it nobody knows how the label maps beside it were made: give another folder, or move"
        + " them and it away."
    }
  }
}
