namespace Im.Chaos.Wires;

/// <summary>Looks at bytes that are about to pass.</summary>
/// <returns>Whether the connection is to be reset.</returns>
public delegate bool Look(ReadOnlySpan<byte> bytes);

/// <summary>
/// Sees what passes on one connection, in any portions, and says when it is to be reset. Both are called before the bytes are passed on, so an answer is never seen
/// before its question; they may be called at the same time by two threads.
/// </summary>
/// <param name="Forward">Where it says so, the bytes are passed on and the connection is reset behind them.</param>
/// <param name="Back">Where it says so, the connection is reset and nobody gets the bytes.</param>
public sealed record Tap(Look Forward, Look Back);
