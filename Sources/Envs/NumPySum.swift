/// Σ of `count` numbers in the order in which NumPy adds up fewer than 129 of them: from left to
/// right where they are fewer than eight; otherwise in eight sums, which are added in pairs, and
/// then those that are left over.
@inlinable
package func sumAsNumPy<Value: LaneNumber>(
  _ count: Int, _ value: (_ index: Int) -> Value
) -> Value {
  var sum = Value(0)
  var next = 0
  if count >= 8 {
    func partial(_ first: Int) -> Value {
      stride(from: first + 8, to: count - count % 8, by: 8)
        .reduce(value(first)) { $0 + value($1) }
    }
    sum =
      ((partial(0) + partial(1)) + (partial(2) + partial(3)))
      + ((partial(4) + partial(5)) + (partial(6) + partial(7)))
    next = count - count % 8
  }
  for index in next..<count { sum = sum + value(index) }
  return sum
}
