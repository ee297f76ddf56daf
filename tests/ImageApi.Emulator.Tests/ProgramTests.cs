using System.Diagnostics;
using System.Net;

namespace ImageApi.Emulator.Tests;

public sealed class ProgramTests
{
    [Fact]
    public async Task Program_prints_address_and_key_and_serves()
    {
        using var program = Start("--port", "0", "--api-key", "my-key");
        try
        {
            var address = await program.StandardOutput.ReadLineAsync();
            var key = await program.StandardOutput.ReadLineAsync();

            Assert.Matches("^address http://127\\.0\\.0\\.1:[0-9]+$", address);
            Assert.Equal("key my-key", key);
            using var http = new HttpClient();
            using var response = await http.GetAsync($"{address!["address ".Length..]}/v1/jobs/x");
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
        finally
        {
            program.Kill();
        }
    }

    [Fact]
    public async Task Program_tells_when_the_port_is_taken()
    {
        await using var other = await ImageApiEmulator.StartAsync();

        var (exitCode, output, error) = await RunAsync("--port", other.BaseAddress.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        Assert.Contains("in use", error, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("--port", "many")]
    [InlineData("--port", "70000")]
    [InlineData("--colour", "red")]
    [InlineData("--port")]
    [InlineData("--api-key", "a b")]
    [InlineData("--job-seconds", "-1")]
    public async Task Wrong_argument_ends_the_program_with_2(params string[] args)
    {
        var (exitCode, output, error) = await RunAsync(args);

        Assert.Equal(2, exitCode);
        Assert.Equal("", output);
        Assert.Contains(args[0], error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_argument()
    {
        var (exitCode, output, _) = await RunAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.All(["--port", "--api-key", "--address", "--job-seconds"], name => Assert.Contains(name, output, StringComparison.Ordinal));
    }

    private static Process Start(params string[] args) => Process.Start(new ProcessStartInfo("dotnet", [typeof(ImageApiEmulator).Assembly.Location, .. args])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        using var program = Start(args);
        var error = program.StandardError.ReadToEndAsync();
        var output = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        return (program.ExitCode, output, await error);
    }
}
