using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Sdk;

namespace ImageApi.Client.Tests.Support;

/// <summary>Checks properties: with one fixed seed, so that a failure comes again, and one random seed, so that new ones are found.</summary>
internal static class Property
{
#if NETSTANDARD_LIBRARY // the second time, with the same rules: what is worth finding here are differences of the platform, not rare cases
    public const int MaxCases = 50;
#else
    public const int MaxCases = int.MaxValue;
#endif
    public const int DefaultCases = MaxCases < 500 ? MaxCases : 500;
    public const int ManyCases = MaxCases < 1000 ? MaxCases : 1000;

    private const ulong FixedSeed = 20_260_917;

    /// <summary>Odd, as the generator of random numbers wants it.</summary>
    private const ulong Gamma = 0x9E37_79B9_7F4A_7C15;

    public static void Holds<T>(Gen<T> gen, Action<T> check, int cases = DefaultCases) =>
        Run(cases, config => Check.One(config, Prop.ForAll(Arb.From(gen), check)));

    public static void Holds<T>(Gen<T> gen, Func<T, Task> check, int cases = DefaultCases) =>
        Run(cases, config => Check.One(config, Prop.ForAll(Arb.From(gen), check)));

    /// <summary>Any text of whole characters, of all planes of Unicode.</summary>
    public static Gen<string> AnyText => Gen.OneOf(
        Gen.Choose(0x20, 0x7E), Gen.Choose(0, 0x7FF), Gen.Choose(0x800, 0xD7FF), Gen.Choose(0xE000, 0xFFFF), Gen.Choose(0x10000, 0x10FFFF),
        Gen.Elements<int>('"', '\\', '/', '<', '\u2028', '\u0000', '\u007F', 0xFEFF)).Select(char.ConvertFromUtf32).ListOf().Select(string.Concat);

    private static void Run(int cases, Action<Config> check)
    {
        RunOnce(FixedSeed);
        RunOnce(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));

        void RunOnce(ulong seed)
        {
            try
            {
                check(Config.QuickThrowOnFailure.WithMaxTest(Math.Min(cases, MaxCases)).WithReplay(seed, Gamma));
            }
            catch (Exception e)
            {
                throw new XunitException($"Seed {seed}: {e.Message}", e);
            }
        }
    }
}
