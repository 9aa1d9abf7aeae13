#!/usr/bin/env python3
"""Makes the tokens of the events API in a running demo city, as its officials do on their pages.
Usage: event-tokens.py demo.json  → two lines: the publisher's token, the subscription's token."""
import http.cookiejar
import json
import re
import sys
import urllib.parse
import urllib.request

demo = json.load(open(sys.argv[1]))


class Official:
    def __init__(self, key):
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)
        who = next(one for one in demo["sign_ins"] if one["key"] == key)
        self.post("/sign-in", "/sign-in", login=who["login"], password=who["password"])

    def get(self, path):
        with self.opener.open(demo["address"] + path) as answer:
            return answer.geturl(), answer.read().decode()

    def post(self, form, path, **fields):
        """Sends a form of a page, with the hidden fields that stand there."""
        page = self.get(form)[1]
        for name in ("csrf", "once"):
            found = re.search(r'name="%s"[^>]*value="([^"]*)"' % name, page)
            if found:
                fields.setdefault(name, found[1])
        data = urllib.parse.urlencode(fields).encode()
        with self.opener.open(demo["address"] + path, data) as answer:
            return answer.geturl(), answer.read().decode()


def token(page, prefix):
    return re.search(prefix + r"_[A-Za-z0-9_-]+", page)[0]


publisher, subscriber = Official("permit-decider"), Official("card-clerk")
page = publisher.post("/events/subscriptions", "/events/publishing-key", office="public-security")[1]
print(token(page, "epb"))
new = "/events/subscriptions/new"
asked = subscriber.post(new, new, type="person.moved", office="civil-affairs", way="pull",
                        purpose="Test of the interface", basis="Test of the interface")[0]
path = urllib.parse.urlparse(asked).path
publisher.post(path, path + "/approve")
print(token(subscriber.post(path, path + "/key")[1], "epl"))
