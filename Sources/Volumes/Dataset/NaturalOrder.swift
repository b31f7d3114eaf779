/// Names in the order a person expects: runs of digits compare as numbers, so Case2 comes before Case10.
package func naturallyPrecedes(_ left: String, _ right: String) -> Bool {
  var (a, b) = (Substring(left), Substring(right))
  while let first = a.first, let second = b.first {
    if isDigit(first) && isDigit(second) {
      let (x, y) = (takeNumber(&a), takeNumber(&b))
      if x.count != y.count { return x.count < y.count }
      if x != y { return x < y }
    } else {
      if first != second { return first < second }
      a.removeFirst()
      b.removeFirst()
    }
  }
  if a.isEmpty && b.isEmpty { return left < right }
  return a.isEmpty
}

private func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

/// The digits in front, without leading zeros.
private func takeNumber(_ text: inout Substring) -> Substring {
  let digits = text.prefix(while: isDigit)
  text.removeFirst(digits.count)
  return digits.drop { $0 == "0" }
}
