namespace Quickstart;

/// <summary>What the program was started with.</summary>
internal sealed class Arguments
{
    public const string Help = """
        Generates images, a video and an audio file, and saves them under ./out.

        usage: Quickstart [--base-address URL --api-key KEY] [--video-model NAME] [--audio-model NAME]

          --base-address URL  a real server (or the variable IMAGEAPI_BASE_ADDRESS); it charges for five images
          --api-key KEY       its API key (prefer the variable IMAGEAPI_API_KEY: other users can read arguments)
          --video-model NAME  also generate a video with this model
          --audio-model NAME  also generate audio with this model
          --help              prints this

        Without --base-address the program starts the emulator, which needs no API key and costs nothing.
        Files of earlier runs are kept; new ones get a number. Ctrl+C ends the program and prints the IDs of jobs that are still running.
        Exit code: 0 success, 1 failure, 2 invalid arguments, 130 canceled by Ctrl+C.
        """;

    public Uri? BaseAddress { get; set; }

    public string? ApiKey { get; set; }

    public string? VideoModel { get; set; }

    public string? AudioModel { get; set; }

    public bool ShowHelp { get; set; }

    /// <summary>Reads arguments, and variables for what they leave open.</summary>
    /// <exception cref="FormatException">They cannot be understood; the message says why.</exception>
    public static Arguments Parse(IReadOnlyList<string> args, Func<string, string?> getVariable)
    {
        var arguments = new Arguments();
        for (var index = 0; index < args.Count && !arguments.ShowHelp; index++)
        {
            switch (args[index])
            {
                case "--help" or "-h":
                    arguments.ShowHelp = true;
                    break;
                case "--base-address":
                    arguments.BaseAddress = ParseUri(args[index], NextValue(args, ref index));
                    break;
                case "--api-key":
                    arguments.ApiKey = NextValue(args, ref index);
                    break;
                case "--video-model":
                    arguments.VideoModel = NextValue(args, ref index);
                    break;
                case "--audio-model":
                    arguments.AudioModel = NextValue(args, ref index);
                    break;
                default:
                    throw new FormatException($"Unknown argument: {args[index]}.");
            }
        }

        arguments.BaseAddress ??= getVariable("IMAGEAPI_BASE_ADDRESS") is { Length: > 0 } address ? ParseUri("IMAGEAPI_BASE_ADDRESS", address) : null;
        if (arguments.BaseAddress is null)
        {
            return arguments.ApiKey is null || arguments.ShowHelp ? arguments : throw new FormatException("--api-key requires --base-address.");
        }

        arguments.ApiKey ??= getVariable("IMAGEAPI_API_KEY") is { Length: > 0 } apiKey ? apiKey : null;
        return arguments.ApiKey is not null || arguments.ShowHelp ? arguments : throw new FormatException("A server requires an API key: set --api-key or the variable IMAGEAPI_API_KEY.");
    }

    private static string NextValue(IReadOnlyList<string> args, ref int index) =>
        ++index < args.Count && args[index].Length > 0 ? args[index] : throw new FormatException($"{args[index - 1]} requires a value.");

    private static Uri ParseUri(string name, string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new FormatException($"{name} must be an http or https URL, such as https://backend:8000.");
}
