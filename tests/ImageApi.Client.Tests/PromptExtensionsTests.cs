using ImageApi.Emulator;

namespace ImageApi.Client.Tests;

public sealed class PromptExtensionsTests
{
    [Fact]
    public async Task GenerateAsync_with_a_prompt_generates_one_image()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { DrawTinyImages = true });
        using var client = TestClients.Create(emulator);

        var result = await client.Images.GenerateAsync("a red fox");

        Assert.Single(result.Images);
        Assert.Equal(1, emulator.Ledger.ChargesFor("a red fox"));
    }

    [Fact]
    public async Task RunAsync_with_a_prompt_runs_one_job()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { JobPolls = 1, JobDuration = TimeSpan.Zero, DrawTinyImages = true });
        using var client = TestClients.Create(emulator);

        var job = await client.Jobs.RunAsync("a red fox", SampleRequests.QuickRun);

        Assert.Single(job.Output.Images);
        Assert.Equal(1, emulator.Ledger.ChargesFor("a red fox"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public async Task Blank_prompt_throws_ArgumentException(string? prompt)
    {
        using var client = TestClients.Create(new Uri("https://backend:8000"));

        await Assert.ThrowsAnyAsync<ArgumentException>(() => client.Images.GenerateAsync(prompt!));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => client.Jobs.RunAsync(prompt!));
    }
}
