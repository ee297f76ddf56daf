namespace Quickstart;

/// <summary>What the program was started with.</summary>
internal sealed class Arguments
{
    public const string Help = """
        Generates pictures, a video and a sound, and saves them under ./out.

        usage: Quickstart [--base-address URL --api-key KEY] [--video-model NAME] [--audio-model NAME]

          --base-address URL  a real server (or the variable IMAGEAPI_BASE_ADDRESS); it charges for five pictures
          --api-key KEY       its key (better in the variable IMAGEAPI_API_KEY: arguments can be read by others)
          --video-model NAME  also make a video with this model of the server
          --audio-model NAME  also make a sound with this model of the server
          --help              prints this

        Without an address the API's emulator is started inside the program: it needs no key and costs nothing.
        Files of earlier runs are kept; new ones get a number. Ctrl+C ends the program and names the jobs that go on.
        Exit code: 0 done, 1 failed, 2 wrong arguments, 130 ended by Ctrl+C.
        """;

    public Uri? BaseAddress { get; set; }

    public string? ApiKey { get; set; }

    public string? VideoModel { get; set; }

    public string? AudioModel { get; set; }

    public bool WantsHelp { get; set; }

    /// <summary>Reads arguments, and variables for what they leave open.</summary>
    /// <exception cref="FormatException">They cannot be understood; the message says why.</exception>
    public static Arguments Parse(IReadOnlyList<string> args, Func<string, string?> variable)
    {
        var arguments = new Arguments();
        for (var at = 0; at < args.Count && !arguments.WantsHelp; at++)
        {
            switch (args[at])
            {
                case "--help" or "-h":
                    arguments.WantsHelp = true;
                    break;
                case "--base-address":
                    arguments.BaseAddress = Address(args[at], Value(args, ref at));
                    break;
                case "--api-key":
                    arguments.ApiKey = Value(args, ref at);
                    break;
                case "--video-model":
                    arguments.VideoModel = Value(args, ref at);
                    break;
                case "--audio-model":
                    arguments.AudioModel = Value(args, ref at);
                    break;
                default:
                    throw new FormatException($"{args[at]} is not known.");
            }
        }

        arguments.BaseAddress ??= variable("IMAGEAPI_BASE_ADDRESS") is { Length: > 0 } text ? Address("IMAGEAPI_BASE_ADDRESS", text) : null;
        if (arguments.BaseAddress is null)
        {
            return arguments.ApiKey is null || arguments.WantsHelp ? arguments : throw new FormatException("--api-key needs --base-address.");
        }

        arguments.ApiKey ??= variable("IMAGEAPI_API_KEY") is { Length: > 0 } key ? key : null;
        return arguments.ApiKey is not null || arguments.WantsHelp ? arguments : throw new FormatException("A server needs a key: --api-key, or the variable IMAGEAPI_API_KEY.");
    }

    private static string Value(IReadOnlyList<string> args, ref int at) =>
        ++at < args.Count && args[at].Length > 0 ? args[at] : throw new FormatException($"{args[at - 1]} needs a value.");

    private static Uri Address(string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new FormatException($"{name} must be an http or https address, such as https://backend:8000.");
}
