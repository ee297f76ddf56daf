using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck.Fluent;

namespace ImageApi.Client.Tests.Serialization;

public sealed class RoundTripTests
{
    [Fact]
    public async Task P3_every_request_is_written_as_documented_and_texts_survive() => await Task.Run(() => Property.Holds(
        from prompt in Property.AnyText.Where(static text => !string.IsNullOrWhiteSpace(text))
        from user in Gen.OneOf(Gen.Constant(default(string)), Property.AnyText.Select(static text => (string?)text))
        from extra in Property.AnyText
        from bits in Gen.Choose(0, 255)
        select (prompt, user, extra, bits),
        static async x =>
        {
            bool Has(int bit) => (x.bits & (1 << bit)) != 0;
            var request = new ImageRequest
            {
                Prompt = x.prompt,
                User = x.user,
                Quality = Has(0) ? ImageQuality.High : default(ImageQuality?),
                OutputFormat = Has(1) ? ImageOutputFormat.Webp : default(ImageOutputFormat?),
                Background = Has(2) ? ImageBackground.Transparent : default(ImageBackground?),
                Count = Has(3) ? 3 : null,
                ReferenceImages = Has(4) ? null : Has(5) ? ["https://e.x/a"] : [],
                AdditionalParameters = Has(6) ? new Dictionary<string, JsonElement> { ["extra"] = Text(x.extra) } : [],
            };
            var expected = new JsonObject
            {
                ["model"] = "gpt-image-2", ["prompt"] = x.prompt, ["size"] = "1024x1024", ["response_format"] = "url",
            };
            Set(expected, "reference_images", Has(4) ? null : Has(5) ? new JsonArray("https://e.x/a") : []);
            Set(expected, "quality", Has(0) ? "high" : null);
            Set(expected, "output_format", Has(1) ? "webp" : null);
            Set(expected, "background", Has(2) ? "transparent" : null);
            Set(expected, "n", Has(3) ? 3 : null);
            Set(expected, "user", x.user);
            Set(expected, "extra", Has(6) ? x.extra : null);

            using var handler = new PolicyHandler(HttpStatusCode.OK, """{ "data": [ { "url": "https://e.x/a" } ] }""");
            using var client = Clients.For(handler, Clients.Options(Answers.BaseAddress));
            await client.Images.GenerateAsync(request);

            var sent = JsonNode.Parse(Assert.Single(handler.Bodies));
            Assert.True(JsonNode.DeepEquals(expected, sent), sent!.ToJsonString());
        }));

    [Theory]
    [InlineData('\ud83e')]
    [InlineData('\udd8a')]
    public async Task P3_half_of_a_surrogate_pair_is_refused_before_anything_is_sent(char half)
    {
        using var handler = new PolicyHandler(HttpStatusCode.OK, "{}");
        using var client = Clients.For(handler, Clients.Options(Answers.BaseAddress));
        var bad = "a" + half + "b";
        var json = $$"""{ "prompt": "\u{{(int)half:x4}}" }""";

        await Refused(() => client.Images.GenerateAsync(new ImageRequest { Prompt = bad }));
        await Refused(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox", Model = bad }));
        await Refused(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox", User = bad }));
        await Refused(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox", ReferenceImages = ["https://e.x/" + half] }));
        await Refused(() => client.Images.GenerateAsync(new ImageRequest
        {
            Prompt = "a fox", AdditionalParameters = new Dictionary<string, JsonElement> { ["x"] = JsonElement.Parse(json) },
        }));
        await Refused(() => client.Images.GenerateAsync(new ImageRequest
        {
            Prompt = "a fox", AdditionalParameters = new Dictionary<string, JsonElement> { [bad] = JsonElement.Parse("1") },
        }));
        await Refused(() => client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = bad } }));
        await Refused(() => client.Jobs.SubmitAsync(new JobRequest { Model = bad, Input = new ImageJobInput { Prompt = "a fox" } }));
        await Refused(() => client.Jobs.SubmitAsync(new JobRequest { Model = "video-1", Input = JobInput.FromJson(JsonElement.Parse(json)) }));
        Assert.Equal(0, handler.Requests);

        static Task Refused(Func<Task> call) => Assert.ThrowsAnyAsync<ArgumentException>(call);
    }

    private static void Set(JsonObject target, string name, JsonNode? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }

    private static JsonElement Text(string text) => JsonElement.Parse("\"" + JsonEncodedText.Encode(text) + "\"");
}
