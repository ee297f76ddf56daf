namespace ImageApi.Client.Http;

/// <summary>
/// Makes idempotency keys: UUIDs, of which those that a thread makes in the same moment differ in their last byte. Asking the system for random numbers is the
/// dearest thing that a small call does by itself. A moment is 10 ms: two copies of a machine go on with the same keys only if it was copied within that time after a call.
/// </summary>
internal static class IdempotencyKeys
{
    private const int KeysPerGuid = 256;
    private const long GuidsPerSecond = 100;

    [ThreadStatic]
    private static byte[]? _bytes;

    [ThreadStatic]
    private static int _remaining;

    [ThreadStatic]
    private static long _madeAt;

    /// <summary>Makes a key that no other call has.</summary>
    /// <param name="now">The time stamp of the call.</param>
    /// <param name="frequency">How many of its ticks a second has.</param>
    public static string Next(long now, long frequency)
    {
        if (_remaining == 0 || now < _madeAt || now - _madeAt >= frequency / GuidsPerSecond)
        {
            _bytes = Guid.NewGuid().ToByteArray();
            _remaining = KeysPerGuid;
            _madeAt = now;
        }

        _remaining--;
        _bytes![_bytes.Length - 1]++;
        return new Guid(_bytes).ToString();
    }
}
