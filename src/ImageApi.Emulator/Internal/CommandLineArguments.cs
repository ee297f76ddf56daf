using System.Globalization;
using System.Net;

namespace ImageApi.Emulator.Internal;

/// <summary>What the program was started with: options to run with, or a message to end with.</summary>
internal sealed record CommandLineArguments(EmulatorOptions Options, string? Message = null, int ExitCode = 0)
{
    private const string HelpText = """
        Runs the image, video and audio generation API on this machine.

        usage: ImageApi.Emulator [--port N] [--api-key KEY] [--address IP] [--job-seconds S]

          --port N         the port to listen on; 0 takes a free one (default 8000)
          --api-key KEY    the key callers must send (default: a random one, which is printed)
          --address IP     the address to listen on (default 127.0.0.1: nobody else can reach it)
          --job-seconds S  how long a job takes (default 1.5)
          --help           prints this

        When it is ready it prints the lines "address …" and "key …".
        """;

    public static CommandLineArguments Parse(string[] args)
    {
        var options = new EmulatorOptions { Port = 8000 };
        for (var index = 0; index < args.Length; index += 2)
        {
            if (args[index] is "--help" or "-h")
            {
                return new CommandLineArguments(options, HelpText);
            }

            if (index + 1 == args.Length)
            {
                return Invalid(args[index].StartsWith("--", StringComparison.Ordinal) ? $"{args[index]} needs a value." : $"{args[index]} is not known.");
            }

            if (!TryApply(options, args[index], args[index + 1]))
            {
                return Invalid($"{args[index]} {args[index + 1]} is not known, or not a value for it.");
            }
        }

        return new CommandLineArguments(options);

        CommandLineArguments Invalid(string problem) => new(options, $"{problem} See --help.", 2);
    }

    private static bool TryApply(EmulatorOptions options, string name, string value)
    {
        switch (name)
        {
            case "--port" when ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port):
                options.Port = port;
                return true;
            case "--api-key" when value.Length > 0 && value.All(character => character is > ' ' and < '\x7f'):
                options.ApiKey = value;
                return true;
            case "--address" when IPAddress.TryParse(value, out var address):
                options.Address = address;
                return true;
            case "--job-seconds" when double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 86400:
                options.JobDuration = TimeSpan.FromSeconds(seconds);
                return true;
            default:
                return false;
        }
    }
}
