using ImageApi.Client.Http.Failures;

namespace ImageApi.Client.Tests.Http;

/// <summary>Messages say what happened, what it means for money and what to do, in whole sentences.</summary>
public sealed class FailureMessageTests
{
    [Theory]
    [InlineData("Not Found", "Not Found.")]
    [InlineData("Not found.", "Not found.")]
    [InlineData("Wait... ", "Wait.")]
    [InlineData("Really?", "Really?")]
    [InlineData("cut…", "cut…")]
    [InlineData("余额不足。", "余额不足。")]
    [InlineData("size:", "size.")]
    public void Sentence_ends_with_exactly_one_terminator(string text, string expected) => Assert.Equal(expected, FailureMessage.EndSentence(text));

    [Theory]
    [InlineData("Not Found")]
    [InlineData("Not Found.")]
    public async Task Rejection_message_is_made_of_whole_sentences(string message)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(404, $$$"""{"error":{"message":"{{{message}}}"}}"""));
        using var client = TestClients.Create(server.BaseAddress);

        var error = await Assert.ThrowsAsync<ImageApiResponseException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox" }));

        Assert.Equal("images.generate: HTTP 404: Not Found. You have not been charged.", error.Message);
    }

    [Fact]
    public async Task Connection_message_names_host_and_port()
    {
        using var client = TestClients.Create(new Uri("http://127.0.0.1:9"));

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Connection, () => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox" }));

        Assert.Contains("No connection to 127.0.0.1:9: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Attempts: 3. Nothing was sent, and you have not been charged; it is safe to retry.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timeout_message_names_the_limit_as_it_was_set()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Stall);
        using var client = TestClients.Create(server.BaseAddress);
        var request = new ImageRequest { Prompt = "a fox", ReferenceImages = [ReferenceImage.FromBytes(SampleFiles.Png)] };

        var error = await FailureAssert.ThrowsAsync(
            ImageApiFailureReason.Timeout, () => client.Images.GenerateAsync(request, new RequestOptions { Timeout = TimeSpan.FromSeconds(1) }));

        Assert.Contains("No complete response within 1 s (", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("attempts", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($" Idempotency key: {error.Info.IdempotencyKey}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Canceled_paid_request_message_warns_of_billing()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Stall);
        using var client = TestClients.Create(server.BaseAddress);
        using var cancellation = new CancellationTokenSource();

        var call = client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox" }, cancellationToken: cancellation.Token);
        while (server.Requests.Count == 0)
        {
            await Task.Delay(10);
        }

        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAsync<ImageApiCanceledException>(() => call.WaitAsync(TestTimeout.Duration));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Contains("The request may have been billed; do not retry automatically.", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($" Idempotency key: {error.Info.IdempotencyKey}.", error.Message, StringComparison.Ordinal);
    }
}
