using System.Text.Json;

namespace ImageApi.Client.Tests.Diagnostics;

/// <summary>Prompts are in spans only for those who ask for them.</summary>
public sealed class PromptCaptureTests
{
    private const string Prompt = "a \"red\" fox";

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Prompt_is_captured_only_when_enabled(bool isEnabled, bool asJob)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(asJob ? Endpoint.Submit : Endpoint.Generate));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress, options => options.Telemetry.EnableSensitiveData = isEnabled);

        if (asJob)
        {
            await client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = Prompt } });
        }
        else
        {
            await client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt });
        }

        Assert.Equal(isEnabled ? Prompt : null, CapturedPrompt(activities));
    }

    [Theory]
    [InlineData("""{"prompt":"a \"red\" fox","seconds":5}""", Prompt)]
    [InlineData("""{"prompt":7}""", null)]
    [InlineData("""{"text":"a red fox"}""", null)]
    public async Task Prompt_of_JSON_input_is_its_prompt_member(string json, string? expected)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Submit));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress, static options => options.Telemetry.EnableSensitiveData = true);
        using var input = JsonDocument.Parse(json);

        await client.Jobs.SubmitAsync(new JobRequest { Model = "a-video-model", Input = JobInput.FromJson(input.RootElement) });

        Assert.Equal(expected, CapturedPrompt(activities));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public void Empty_provider_name_is_rejected(string? name)
    {
        var options = TestClients.Options(new Uri("https://api.example"));
        options.Telemetry.ProviderName = name!;

        Assert.Contains("Telemetry.ProviderName", Assert.Throws<ArgumentException>(() => new ImageApiClient(options)).Message, StringComparison.Ordinal);
    }

    private static string? CapturedPrompt(ActivityCollector activities)
    {
        if (activities.Single.GetTagItem("gen_ai.input.messages") is not string json)
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
