using System.Text.Json;

namespace ImageApi.Client.Tests.Diagnostics;

/// <summary>Prompts are in spans only for those who ask for them.</summary>
public sealed class PromptTests
{
    private const string Prompt = "a \"red\" fox";

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_prompt_is_captured_when_it_is_asked_for(bool asked, bool asJob)
    {
        await using var server = ScriptServer.Start(Reply.Good(asJob ? Endpoint.Submit : Endpoint.Generate));
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress, options => options.Telemetry.CapturePrompts = asked);

        if (asJob)
        {
            await client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = Prompt } });
        }
        else
        {
            await client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt });
        }

        Assert.Equal(asked ? Prompt : null, Captured(book));
    }

    [Theory]
    [InlineData("""{"prompt":"a \"red\" fox","seconds":5}""", Prompt)]
    [InlineData("""{"prompt":7}""", null)]
    [InlineData("""{"text":"a red fox"}""", null)]
    public async Task A_prompt_of_free_input_is_its_member_of_that_name(string json, string? expected)
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Submit));
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress, static options => options.Telemetry.CapturePrompts = true);
        using var input = JsonDocument.Parse(json);

        await client.Jobs.SubmitAsync(new JobRequest { Model = "a-video-model", Input = JobInput.FromJson(input.RootElement) });

        Assert.Equal(expected, Captured(book));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public void A_provider_without_a_name_is_refused(string? name)
    {
        var options = Clients.Options(new Uri("https://api.example"));
        options.Telemetry.ProviderName = name!;

        Assert.Contains("Telemetry.ProviderName", Assert.Throws<ArgumentException>(() => new ImageApiClient(options)).Message, StringComparison.Ordinal);
    }

    private static string? Captured(SpanBook book)
    {
        if (book.Only.GetTagItem("gen_ai.input.messages") is not string json)
        {
            return null;
        }

        using var messages = JsonDocument.Parse(json);
        var message = messages.RootElement[0];
        Assert.Equal("user", message.GetProperty("role").GetString());
        Assert.Equal("text", message.GetProperty("parts")[0].GetProperty("type").GetString());
        return message.GetProperty("parts")[0].GetProperty("content").GetString();
    }
}
