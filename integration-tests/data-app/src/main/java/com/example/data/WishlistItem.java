package com.example.data;

record WishlistItem(String product) {

}
