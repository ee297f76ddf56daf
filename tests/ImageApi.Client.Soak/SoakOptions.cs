using System.Globalization;
using System.Security.Cryptography;

namespace ImageApi.Client.Soak;

/// <summary>What the command line asks for.</summary>
internal sealed record SoakOptions(int Jobs, ulong Seed, int Workers, bool UseNaiveClient)
{
    public static SoakOptions? Parse(string[] args)
    {
        var options = new SoakOptions(10_000, 1, 256, false);
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var value = args[i + 1];
            switch (args[i])
            {
                case "--jobs" when int.TryParse(value, CultureInfo.InvariantCulture, out var jobs) && jobs > 0:
                    options = options with { Jobs = jobs };
                    break;
                case "--seed" when value == "random":
                    options = options with { Seed = (ulong)RandomNumberGenerator.GetInt32(2, int.MaxValue) };
                    break;
                case "--seed" when ulong.TryParse(value, CultureInfo.InvariantCulture, out var seed):
                    options = options with { Seed = seed };
                    break;
                case "--workers" when int.TryParse(value, CultureInfo.InvariantCulture, out var workers) && workers > 0:
                    options = options with { Workers = workers };
                    break;
                case "--client" when value is "library" or "naive":
                    options = options with { UseNaiveClient = value == "naive" };
                    break;
                default:
                    return null;
            }
        }

        return args.Length % 2 == 0 ? options : null;
    }
}
