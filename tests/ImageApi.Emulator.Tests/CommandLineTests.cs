using System.Diagnostics;
using System.Net;

namespace ImageApi.Emulator.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Program_prints_its_address_and_API_key_and_serves_requests()
    {
        using var program = Start("--port", "0", "--api-key", "my-key");
        try
        {
            var addressLine = await program.StandardOutput.ReadLineAsync();
            var apiKeyLine = await program.StandardOutput.ReadLineAsync();

            Assert.Matches("^address http://127\\.0\\.0\\.1:[0-9]+$", addressLine);
            Assert.Equal("key my-key", apiKeyLine);
            using var http = new HttpClient();
            using var response = await http.GetAsync($"{addressLine!["address ".Length..]}/v1/jobs/x");
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
        finally
        {
            program.Kill();
        }
    }

    [Fact]
    public async Task Program_reports_a_port_in_use()
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
    public async Task Invalid_argument_exits_with_code_2(params string[] args)
    {
        var (exitCode, output, error) = await RunAsync(args);

        Assert.Equal(2, exitCode);
        Assert.Equal("", output);
        Assert.Contains(args[0], error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_every_argument()
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
