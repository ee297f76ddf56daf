namespace ImageApi.Client.Tests.Jobs;

public sealed class JobOutputReaderTests
{
    private const string A = "https://e.x/a.png";
    private const string Pixel = "AQID";

    [Theory]
    [InlineData("""{ "output": { "images": [ { "url": "https://e.x/a.png" } ] } }""")]
    [InlineData("""{ "output": { "images": [ "https://e.x/a.png" ] } }""")]
    [InlineData("""{ "output": { "images": "https://e.x/a.png" } }""")]
    [InlineData("""{ "output": { "images": { "url": "https://e.x/a.png" } } }""")]
    [InlineData("""{ "output": { "images": [ { "url": [ "https://e.x/a.png" ] } ] } }""")]
    [InlineData("""{ "output": { "images": [ { "image_url": "https://e.x/a.png" } ] } }""")]
    [InlineData("""{ "output": { "images": [ null, { "url": null }, { "url": "" }, { "url": "https://e.x/a.png" }, 7, true, [] ] } }""")]
    [InlineData("""{ "output": { "images": [ { "url": "https://e.x/a.png" }, { "url": "https://e.x/a.png" } ] } }""")]
    [InlineData("""{ "output": [ { "url": "https://e.x/a.png" } ] }""")]
    [InlineData("""{ "output": [ "https://e.x/a.png" ] }""")]
    [InlineData("""{ "output": "https://e.x/a.png" }""")]
    [InlineData("""{ "output": { "url": "https://e.x/a.png" } }""")]
    [InlineData("""{ "output": { "images": [] }, "data": [ { "url": "https://e.x/a.png" } ] }""")]
    [InlineData("""{ "output": null, "data": [ { "url": "https://e.x/a.png" } ] }""")]
    [InlineData("""{ "data": [ "https://e.x/a.png" ] }""")]
    [InlineData("""{ "images": [ { "url": "https://e.x/a.png" } ] }""")]
    [InlineData("""{ "result": { "images": [ { "url": "https://e.x/a.png" } ] } }""")]
    [InlineData("""{ "output": { "images": [ { "url": " https://e.x/a.png " } ] } }""")]
    public void One_image_is_found_in_every_shape(string members)
    {
        var image = Assert.Single(Read(members).Output.All);

        Assert.Equal((MediaKind.Image, A), (image.Kind, image.Url));
    }

    [Theory]
    [InlineData("""{ "output": { "videos": [ { "url": "https://e.x/a" } ] } }""", MediaKind.Video)]
    [InlineData("""{ "output": { "audios": [ { "url": "https://e.x/a" } ] } }""", MediaKind.Audio)]
    [InlineData("""{ "output": [ { "video_url": "https://e.x/a", "mime_type": "video/mp4" } ] }""", MediaKind.Video)]
    [InlineData("""{ "output": "https://e.x/a.mp4?signature=1" }""", MediaKind.Video)]
    [InlineData("""{ "output": "https://e.x/a.wav" }""", MediaKind.Audio)]
    [InlineData("""{ "output": { "audio_url": "https://e.x/a", "content_type": "audio/mpeg" } }""", MediaKind.Audio)]
    public void The_kind_comes_from_the_place_the_type_or_the_name(string members, MediaKind kind) =>
        Assert.Equal(kind, Assert.Single(Read(members).Output.All).Kind);

    [Theory]
    [InlineData("""{ "output": { "images": [ { "b64_json": "AQID" } ] } }""", null)]
    [InlineData("""{ "output": { "images": [ { "data_base64": "AQID", "mime_type": "image/webp" } ] } }""", "image/webp")]
    [InlineData("""{ "output": { "images": [ { "b64_json": "data:image/png;base64,AQID" } ] } }""", "image/png")]
    [InlineData("""{ "output": { "images": [ { "url": "data:image/png;base64,AQID" } ] } }""", "image/png")]
    [InlineData("""{ "output": { "images": [ "data:image/png;base64,AQID" ] } }""", "image/png")]
    [InlineData("""{ "output": { "images": [ { "url": "", "b64_json": "AQID" } ] } }""", null)]
    [InlineData("""{ "output": "data:image/png;base64,AQID" }""", "image/png")]
    [InlineData("""{ "data": [ { "b64_json": "AQID" } ] }""", null)]
    [InlineData("""{ "surprise": { "b64_json": "AQID" } }""", null)]
    public void Bytes_are_found_in_every_shape(string members, string? mimeType)
    {
        var image = Assert.Single(Read(members).Output.All);

        Assert.Equal(new byte[] { 1, 2, 3 }, image.Data!.Value.ToArray());
        Assert.Equal(mimeType, image.MimeType);
    }

    [Fact]
    public void Bytes_beside_a_link_are_the_same_image()
    {
        var image = Assert.Single(Read($$"""{ "output": { "images": [ { "url": "{{A}}", "b64_json": "{{Pixel}}" } ] } }""").Output.Images);

        Assert.Equal(A, image.Url);
        Assert.Equal(3, image.Data!.Value.Length);
    }

    [Fact]
    public void Bytes_in_unknown_places_do_not_stand_beside_those_in_known_ones() =>
        Assert.Single(Read($$"""{ "output": { "images": [ "{{A}}" ] }, "input": { "image_url": "data:image/png;base64,{{Pixel}}" } }""").Output.All);

    [Theory]
    [InlineData("")]
    [InlineData("\"output\": null")]
    [InlineData("\"output\": {}")]
    [InlineData("\"output\": []")]
    [InlineData("\"output\": \"\"")]
    [InlineData("\"output\": 7")]
    [InlineData("\"output\": { \"images\": null }")]
    [InlineData("\"output\": { \"images\": [] }")]
    [InlineData("\"output\": { \"images\": [ null ] }")]
    [InlineData("\"output\": { \"images\": [ { \"url\": null } ] }")]
    [InlineData("\"output\": { \"images\": [ { \"b64_json\": \"\" } ] }")]
    [InlineData("\"output\": { \"images\": [ { \"url\": \"javascript:alert(1)\" } ] }")]
    [InlineData("\"output\": { \"images\": [ { \"url\": \"file:///etc/passwd\" } ] }")]
    [InlineData("\"output\": { \"images\": [ { \"url\": \"ftp://e.x/a\" } ] }")]
    [InlineData("\"output\": { \"images\": [ { \"url\": \"lifted:0\" } ] }")]
    [InlineData("\"data\": {}")]
    [InlineData("\"result\": [ 1 ]")]
    public void J9_nothing_is_an_empty_list(string members)
    {
        var output = Answers.Job("{ \"id\": \"a\"" + (members.Length > 0 ? ", " : "") + members + " }").Output;

        Assert.Empty(output.Images);
        Assert.Empty(output.Videos);
        Assert.Empty(output.Audios);
    }

    [Theory]
    [InlineData("/out/a.png", "https://backend:8000/out/a.png")]
    [InlineData("out/a.png", "https://backend:8000/out/a.png")]
    [InlineData("//cdn.e.x/a.png", "https://cdn.e.x/a.png")]
    [InlineData("/out/a.png?x=1&y=%2F", "https://backend:8000/out/a.png?x=1&y=%2F")]
    public void A_relative_link_is_resolved_against_the_base_address(string url, string resolved) =>
        Assert.Equal(resolved, Assert.Single(Read($$"""{ "output": { "images": [ { "url": "{{url}}" } ] } }""").Output.Images).Url);

    [Fact]
    public void A_link_longer_than_uris_may_be_is_kept()
    {
        var link = A + "?" + new string('x', 70_000 / 2);

        Assert.Equal(link, Assert.Single(Read($$"""{ "output": [ "{{link}}" ] }""").Output.Images).Url);
    }

    [Fact]
    public void A_failed_item_stands_beside_good_ones()
    {
        var images = Read($$"""{ "output": { "images": [ { "url": "{{A}}" }, { "error": { "message": "blocked", "code": "moderation_blocked" } } ] } }""").Output.Images;

        Assert.Null(images[0].Error);
        Assert.Equal(("blocked", "moderation_blocked"), (images[1].Error!.Message, images[1].Error!.Code));
    }

    [Fact]
    public void Every_known_member_of_an_item_is_read()
    {
        var video = Assert.Single(Read(
            """
            { "output": { "videos": [ { "url": "https://e.x/a", "mime_type": "video/mp4", "revised_prompt": "a fox", "width": 640, "height": "480",
              "duration": 2.5, "expires_at": 1710000000, "fps": 24 } ] } }
            """).Output.Videos);

        Assert.Equal(("video/mp4", "a fox", 640, 480), (video.MimeType, video.RevisedPrompt, video.Width, video.Height));
        Assert.Equal((TimeSpan.FromSeconds(2.5), DateTimeOffset.FromUnixTimeSeconds(1710000000)), (video.Duration, video.ExpiresAt));
        Assert.Equal(24, Assert.Single(video.AdditionalProperties).Value.GetInt32());
    }

    [Theory]
    [InlineData("\"width\": 1e400")]
    [InlineData("\"width\": \"wide\"")]
    [InlineData("\"width\": 99999999999")]
    [InlineData("\"duration\": -1, \"width\": null")]
    [InlineData("\"duration\": 1e300")]
    [InlineData("\"duration\": \"long\"")]
    [InlineData("\"expires_at\": {}")]
    [InlineData("\"mime_type\": 7")]
    [InlineData("\"error\": []")]
    public void An_unreadable_member_of_an_item_is_none(string member)
    {
        var image = Assert.Single(Read($$"""{ "output": { "images": [ { "url": "{{A}}", {{member}} } ] } }""").Output.Images);

        Assert.Equal(A, image.Url);
        Assert.True(image is { Width: null, Duration: null, ExpiresAt: null, Error: null });
    }

    [Fact]
    public void Every_medium_knows_its_job() => Assert.Equal("a", Read($$"""{ "output": [ "{{A}}" ] }""").Output.Images[0].JobId);

    private static Job Read(string members) => Answers.Job("{ \"id\": \"a\", \"status\": \"succeeded\", " + members.Trim()[1..]);
}
