extension Overlay.Labels {
  /// The outlines of one label as an SVG path along voxel edges: closed, to be filled by the even-odd rule.
  ///
  /// Every edge between a voxel with the label and one without is walked once, with the label on its right.
  package func contour(of label: UInt8) -> String {
    var next = edges(of: label)
    var path = ""
    for start in next.keys.sorted() {
      while let loop = takeLoop(from: start, &next) { path += loop }
    }
    return path
  }

  /// From a corner (`row * (width + 1) + column`) to the corners its edges lead to.
  private func edges(of label: UInt8) -> [Int: [Int]] {
    func holds(_ row: Int, _ column: Int) -> Bool {
      row >= 0 && row < height && column >= 0 && column < width && values[row * width + column] == label
    }
    var edges: [Int: [Int]] = [:]
    let stride = width + 1
    for row in 0..<height {
      for column in 0..<width where holds(row, column) {
        let corner = row * stride + column
        if !holds(row - 1, column) { edges[corner, default: []].append(corner + 1) }
        if !holds(row, column + 1) { edges[corner + 1, default: []].append(corner + stride + 1) }
        if !holds(row + 1, column) { edges[corner + stride + 1, default: []].append(corner + stride) }
        if !holds(row, column - 1) { edges[corner + stride, default: []].append(corner) }
      }
    }
    return edges
  }

  /// Walks until the start is reached again; steps in one direction become one stroke.
  private func takeLoop(from start: Int, _ next: inout [Int: [Int]]) -> String? {
    guard next[start]?.isEmpty == false else { return nil }
    let stride = width + 1
    var path = "M\(start % stride) \(start / stride)"
    var (corner, direction, steps) = (start, 0, 0)
    repeat {
      guard let target = next[corner]?.popLast() else { break }
      if target - corner != direction { path += Self.stroke(direction, steps, stride); steps = 0 }
      (direction, corner, steps) = (target - corner, target, steps + 1)
    } while corner != start
    return path + Self.stroke(direction, steps, stride) + "Z"
  }

  private static func stroke(_ direction: Int, _ steps: Int, _ stride: Int) -> String {
    switch direction {
    case 1: "h\(steps)"
    case -1: "h-\(steps)"
    case stride: "v\(steps)"
    case -stride: "v-\(steps)"
    default: ""
    }
  }
}
