namespace ImageApi.Client.Polyfills;

/// <summary>Random numbers for jitter, from any thread.</summary>
internal static class RandomNumber
{
#if NETSTANDARD2_0
    [ThreadStatic]
    private static Random? random;

    public static double Next() => (random ??= new Random(Guid.NewGuid().GetHashCode())).NextDouble();
#else
    public static double Next() => Random.Shared.NextDouble();
#endif
}
