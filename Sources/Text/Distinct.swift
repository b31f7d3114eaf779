extension Sequence where Element: Equatable {
  /// Each element once, where it comes first: for the short lists that people read.
  package var distinct: [Element] {
    reduce(into: []) { kept, element in if !kept.contains(element) { kept.append(element) } }
  }
}
